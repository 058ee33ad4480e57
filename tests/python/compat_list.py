"""The cases that programs of the earlier program's users rely on, by number, and which of them nothing here tries, with the reason;
and the names that they import.

M: it did this, and this program does it too under PYFORGE_COMPAT=1. B: it did otherwise, and this one does as its test tells.
D: it only said so.
"""
import re

ROOMS = {
    "shell": "1MB 2M 3M 4M 5M 6M 7M 8M 9M 10M 11B 12M 13M 14B 15M 16D 17M 18M 19M 20B 21B 22B 23B 24MB 25M 26M 27MB 28B 29B 30B 31M "
             "32M 33M 34M 35M 36D",
    "csv": "37M 38M 39M 40M 41M 42M 43M 44M 45M 46M 47M 48M 49M 50MB 51B 52B 53B 54B 55B 56B 57B 58B 59B 60B 61M 62B 63B 64D",
    "workbooks": "65M 66M 67M 68M 69M 70M 71M 72B 73B 74B 75B 76B 77B 78M 79B 80B 81B 82B 83B 84B 85B 86M 87M 88D",
    "extensions and Python": "146B 147M 148M 149MB 150B 151B 152M 153M 154M 155M 156B 157B 158M 159B 160M 161M 162M 163M 164M 165DB 166M 167M "
                             "168M 169M 170B 171M 172B 173B 174B 175M 176B 177MD 178B 179M 180D 181B 182B 183M 184M 185B",
    "texts of values": "198MB 199M 200M 201MB 202M 203M",
}
#: number → what docs/migration.md says of it; a case of XML, Access, DBF or PDF alone (89 to 145) is none of these rooms
LEFT_OUT = {
    20: "XML",
    181: "an engine of Spark",
}

#: what programs import of the earlier program: module → names
IMPORTED = {
    "pyforge_cli": "__version__",
    "pyforge_cli.main": "cli",
    "pyforge_cli.plugins": "registry PluginLoader",
    "pyforge_cli.converters": "CSVConverter ExcelConverter XmlConverter DBFConverter MDBConverter EnhancedMDBConverter PDFConverter "
                              "get_csv_converter",
    "pyforge_cli.converters.csv_converter": "CSVDialectDetector CSVEncodingDetector",
    "pyforge_cli.converters.string_database_converter": "StringTypeConverter ConversionStats StringDatabaseConverter",
    "pyforge_cli.converters.pyspark_csv_converter": "PySparkCSVConverter",
    "pyforge_cli.detectors": "DatabaseFileDetector DatabaseType DatabaseInfo detect_database_file is_supported_database get_database_type",
    "pyforge_cli.readers": "MDBTableDiscovery DBFTableDiscovery discover_mdb_tables get_mdb_summary discover_dbf_table get_dbf_summary "
                           "validate_dbf_file",
    "pyforge_cli.installers.sample_datasets_installer": "SampleDatasetsInstaller",
    "pyforge_cli.installers.mdf_tools_installer": "MdfToolsInstaller",
    "pyforge_cli.backends": "UCanAccessBackend DualBackendMDBReader check_mdb_support get_best_mdb_backend",
    "pyforge_cli.utils": "DependencyChecker",
    "pyforge_cli.extensions": "ExtensionDiscovery ExtensionLoader ExtensionLoadError ExtensionRegistry ExtensionMetadata ExtensionManager "
                              "get_extension_manager get_extension_logger setup_extension_logging configure_verbose_logging "
                              "ExtensionLoggerAdapter",
    "pyforge_cli.extensions.base": "BaseExtension",
    "pyforge_cli.extensions.databricks": "DatabricksExtension PyForgeDatabricks forge",
    "pyforge_cli.extensions.databricks.environment": "DatabricksEnvironment ServerlessDetector ClassicDetector RuntimeVersionDetector",
    "pyforge_cli.extensions.databricks.engines": "ConverterSelector ConverterRecommendation FileCharacteristics FallbackManager FallbackResult",
    "pyforge_cli.extensions.databricks.cache_manager": "CacheManager get_cache_manager",
    "pyforge_cli.extensions.databricks.volume_operations": "VolumeOperations VolumeFile VolumeInfo",
    "pyforge_cli.extensions.databricks.delta_support": "DeltaLakeSupport StreamingSupport",
    "pyforge_cli.databricks.environment": "detect_databricks_environment is_running_in_databricks is_running_in_serverless",
}


def cases():
    """{number: letters}"""
    return {int(number): letters for room in ROOMS.values() for number, letters in re.findall(r"(\d+)([MBD]+)", room)}


def numbers(letter):
    return [number for number, letters in cases().items() if letter in letters]
