"""The settings: frozen models with their defaults; `load` fills them from a file, the environment and flags."""

from pipeline.config.reading import ExtractSettings, OcrSettings, ReadSettings, Settings, config_hash
from pipeline.config.running import BatchSettings, ClusterSettings, NotifySettings, StoreSettings, WebSettings
from pipeline.config.whole import Config

__all__ = [
    "BatchSettings",
    "ClusterSettings",
    "Config",
    "ExtractSettings",
    "NotifySettings",
    "OcrSettings",
    "ReadSettings",
    "Settings",
    "StoreSettings",
    "WebSettings",
    "config_hash",
]
