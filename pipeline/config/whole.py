"""All settings: what changes a file's reading, and what is around it."""

from __future__ import annotations

from pipeline.config.reading import ExtractSettings, OcrSettings, ReadSettings, Settings
from pipeline.config.running import BatchSettings, ClusterSettings, NotifySettings, StoreSettings, WebSettings
from pipeline.config.section import Section


class Config(Section):
    """What `chidao.toml` can say, section by section."""

    read: ReadSettings = ReadSettings()
    ocr: OcrSettings = OcrSettings()
    extract: ExtractSettings = ExtractSettings()
    batch: BatchSettings = BatchSettings()
    store: StoreSettings = StoreSettings()
    notify: NotifySettings = NotifySettings()
    cluster: ClusterSettings = ClusterSettings()
    web: WebSettings = WebSettings()

    @property
    def settings(self) -> Settings:
        """The part that changes what a file is read as."""
        return Settings(read=self.read, ocr=self.ocr, extract=self.extract)
