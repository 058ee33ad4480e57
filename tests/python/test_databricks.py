"""PyForgeDatabricks, forge and what belongs to them, off Databricks and on machines that look like it; names carry the number of the
case that programs of the earlier program's users rely on."""
import os
import subprocess
import sys
import time
import unittest
from unittest import mock

from pyforge_cli.extensions import databricks
from pyforge_cli.extensions.databricks import DatabricksExtension, PyForgeDatabricks
from pyforge_cli.extensions.databricks.cache_manager import CacheManager
from pyforge_cli.extensions.databricks.environment import DatabricksEnvironment, RuntimeVersionDetector
from pyforge_cli.extensions.databricks.volume_operations import VolumeOperations
from samples import ORDERS, InFolder, read, write

CLASSIC = {"DATABRICKS_RUNTIME_VERSION": "13.3.x-scala2.12"}
FIRST_SERVERLESS = {"IS_SERVERLESS": "TRUE", "SPARK_CONNECT_MODE_ENABLED": "1", "DB_INSTANCE_TYPE": "serverless_instance_a",
                    "DATABRICKS_RUNTIME_VERSION": "client.14.3.x-scala2.12", "POD_NAME": "pod-7"}


def machine(**variables):
    """An environment of these variables of Databricks and no others."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATABRICKS", "DB_", "SPARK", "IS_SERVERLESS"))}
    return mock.patch.dict(os.environ, dict(kept, **variables), clear=True)


def look(**variables):
    with machine(**variables):
        return DatabricksEnvironment().get_environment_info()


class Failing:
    """An engine that suits best and never succeeds."""

    name = "spark"

    def fit(self, path, size_bytes, output_format, environment):
        return 1.0, "Large file"

    def convert(self, input_path, output_path, output_format, options):
        raise RuntimeError("the cluster is gone")


class Environment(unittest.TestCase):
    def test_case_153_classic(self):
        info = look(**CLASSIC)
        self.assertEqual([info[key] for key in ("is_databricks", "compute_type", "runtime_major", "runtime_minor", "is_lts")],
                         [True, "classic", 13, 3, True])

    def test_case_154_serverless_by_the_version(self):
        info = look(DATABRICKS_RUNTIME_VERSION="13.3.x-serverless-scala2.12", DATABRICKS_SERVERLESS_COMPUTE="true")
        self.assertEqual((info["compute_type"], info["is_serverless"]), ("serverless", True))
        self.assertIs(info["serverless_features"]["volume_only_storage"], True)

    def test_case_155_nothing(self):
        info = look()
        self.assertEqual((info["is_databricks"], info["compute_type"], info["runtime_version"]), (False, "unknown", None))

    def test_case_156_a_session_of_the_first_serverless_environment(self):
        info = look(**FIRST_SERVERLESS)
        self.assertEqual([info[key] for key in ("is_databricks", "is_serverless", "runtime_major", "runtime_minor", "spark_connect_enabled")],
                         [True, True, 14, 3, True])

    def test_case_157_a_laptop_with_a_host(self):
        self.assertIs(look(DB_HOST="db.example", DATABRICKS_HOST="https://x.example")["is_databricks"], False)

    def test_case_158_parts_of_versions(self):
        ml = RuntimeVersionDetector().parse_version("13.3.x-ml-scala2.12")
        self.assertEqual([ml[key] for key in ("is_ml", "variant", "scala_version", "major", "minor", "patch")],
                         [True, "ml", "2.12", 13, 3, None])
        serverless = RuntimeVersionDetector().parse_version("13.3.x-serverless-scala2.12")
        self.assertEqual([serverless[key] for key in ("is_serverless", "variant", "is_ml")], [True, "serverless", False])
        junk = RuntimeVersionDetector().parse_version("junk")
        self.assertEqual((junk["raw"], junk["major"], junk["minor"], junk["is_lts"]), ("junk", None, None, False))

    def test_case_159_newer_versions(self):
        gpu = RuntimeVersionDetector().parse_version("14.3.x-gpu-ml-scala2.12")
        self.assertEqual((gpu["is_gpu"], gpu["is_ml"]), (True, True))
        new = RuntimeVersionDetector().parse_version("15.4.x-scala2.12")
        self.assertEqual((new["is_lts"], new["spark_version"][:3]), (True, "3.5"))

    def test_case_160_comparing(self):
        detector = RuntimeVersionDetector("13.3.x-scala2.12")
        self.assertEqual([detector.compare_versions("13.3.x", "12.2.x"), detector.compare_versions("9.1", "10.4"),
                          detector.compare_versions("13.3", "13.3.x"), detector.compare_versions("13.3", "junk")], [1, -1, 0, 0])
        self.assertEqual([detector.check_compatibility("12.0"), detector.check_compatibility("14.0")], [True, False])

    def test_case_162_answers_are_kept_until_they_are_cleared(self):
        environment = DatabricksEnvironment()
        with machine(**CLASSIC):
            self.assertTrue(environment.is_databricks)
        with machine():
            self.assertTrue(environment.is_databricks)
            environment.clear_cache()
            self.assertFalse(environment.is_databricks)

    def test_all_keys_are_there_and_evidence_with_them(self):
        info = look(**CLASSIC)
        self.assertLessEqual({"is_databricks", "compute_type", "runtime_version", "runtime_major", "runtime_minor", "is_lts", "spark_version",
                              "python_version", "has_unity_catalog", "has_pyspark", "detected_at", "is_serverless", "serverless_version",
                              "spark_connect_enabled"}, set(info))
        self.assertEqual(info["facts"]["databricks"]["confidence"], "likely")


class Cache(unittest.TestCase):
    def test_case_161_values_are_kept_for_their_time(self):
        cache = CacheManager()
        made = []
        self.assertTrue(cache.set("a", 1, ttl=60) and cache.set("short", 2, ttl=0.01))
        self.assertEqual(cache.get("a"), 1)
        time.sleep(0.03)
        self.assertIsNone(cache.get("short"))
        for _ in range(2):
            self.assertEqual(cache.get("b", generator=lambda: made.append(1) or "made"), "made")
        self.assertEqual(made, [1])
        self.assertEqual((cache.invalidate("a"), cache.invalidate("a"), cache.invalidate_pattern("b*")), (True, False, 1))
        statistics = cache.get_statistics()
        self.assertEqual((statistics["hits"], statistics["misses"], statistics["memory_entries"]), (2, 2, 0))

    def test_no_more_than_a_thousand(self):
        cache = CacheManager()
        for i in range(1100):
            cache.set(str(i), i)
        self.assertEqual((cache.get_statistics()["evictions"], cache.get("0"), cache.get("1099")), (100, None, 1099))


class Volumes(InFolder):
    def mounted(self):
        os.makedirs("Volumes/main/default/v/in")
        write("Volumes/main/default/v/in/a.csv", ORDERS)
        write("Volumes/main/default/v/b.txt", "b")
        return VolumeOperations(mount=os.path.abspath("Volumes"))

    def test_cases_163_to_165_names(self):
        parse = VolumeOperations().parse_volume_path
        whole = {"catalog": "main", "schema": "default", "volume": "v"}
        for text, rest in (("/Volumes/main/default/v/data.csv", "data.csv"), ("Volumes/main/default/v", ""), ("volumes/main/default/v", ""),
                           ("/Volumes/main/default/v/a//b/", "a/b"), ("dbfs:/Volumes/main/default/v/x", "x"),
                           ("/dbfs/Volumes/main/default/v/x", "x")):
            self.assertEqual(parse(text), dict(whole, path=rest), text)
        for text in ("/not/a/volume", "/Volumes/a/b", "/volumes/a/b/c", "/Volumes/a/b/c/../../x", "/Volumes/a/b/c/.."):
            self.assertIsNone(parse(text), text)

    def test_case_166_access(self):
        volumes = self.mounted()
        self.assertEqual(volumes.validate_volume_access("/Volumes/main/default/v"), (True, None))
        fine, why = volumes.validate_volume_access("/Volumes/main/default/other/x")
        self.assertEqual((fine, "other" in why), (False, True))
        self.assertTrue(volumes.validate_volume_access("/tmp/x")[1].startswith("Invalid Volume path format"))
        with machine(HOME=self.folder), mock.patch.dict("sys.modules", {"databricks.sdk": None}):
            fine, why = VolumeOperations().validate_volume_access("/Volumes/main/default/v")
        self.assertEqual((fine, why.startswith("Spark session not available")), (False, True))

    def test_contents_are_listed(self):
        volumes = self.mounted()
        found = volumes.list_volume_contents("/Volumes/main/default/v", recursive=True)
        self.assertEqual([(one.path, one.size, one.is_directory, one.extension) for one in found],
                         [("/Volumes/main/default/v/b.txt", 1, False, ".txt"), ("/Volumes/main/default/v/in", 0, True, ""),
                          ("/Volumes/main/default/v/in/a.csv", len(ORDERS), False, ".csv")])
        self.assertEqual([one.name for one in volumes.list_volume_contents("/Volumes/main/default/v", True, "*.csv")], ["a.csv"])
        self.assertEqual(volumes.list_volume_contents("/not/a/volume"), [])
        info = volumes.get_volume_metadata("/Volumes/main/default/v/in/a.csv")
        self.assertEqual((info.exists, info.file_count, info.size_bytes), (True, 2, len(ORDERS) + 1))
        self.assertEqual(volumes.get_file_info("/Volumes/main/default/v/in/a.csv").size, len(ORDERS))
        self.assertIsNone(volumes.get_file_info("/Volumes/main/default/v/none"))

    def test_files_are_copied_and_removed_in_volumes_alone(self):
        volumes = self.mounted()
        place = "/Volumes/main/default/v/new/orders.csv"
        self.assertTrue(volumes.copy_to_volume("orders.csv", "/Volumes/main/default/v/new/"))
        with self.assertLogs("pyforge", "ERROR"):
            self.assertFalse(volumes.copy_to_volume("orders.csv", place))
        self.assertTrue(volumes.copy_to_volume("orders.csv", place, overwrite=True))
        self.assertEqual(read("Volumes/main/default/v/new/orders.csv"), ORDERS)
        with self.assertLogs("pyforge", "ERROR"):
            self.assertFalse(volumes.delete_from_volume("/Volumes/main/default/v/new"))
        self.assertTrue(volumes.delete_from_volume("/Volumes/main/default/v/new", recursive=True))
        self.assertTrue(volumes.create_volume_directory("/Volumes/main/default/v/x/y"))
        self.assertTrue(os.path.isdir("Volumes/main/default/v/x/y"))
        for call, words in ((volumes.delete_from_volume, (self.folder,)), (volumes.create_volume_directory, ("/tmp/x",)),
                            (volumes.delete_from_volume, ("/Volumes/main/default/v", True)),
                            (volumes.copy_to_volume, ("orders.csv", "/Volumes/main/default/v/../../../../x"))):
            with self.assertRaises(ValueError):
                call(*words)


class Notebook(InFolder):
    def setUp(self):
        super().setUp()
        self.forge = PyForgeDatabricks()

    def test_case_167_selector(self):
        chosen = self.forge.converter_selector.select_converter("orders.csv", "parquet", {})
        self.assertEqual((chosen.converter_type, chosen.confidence > 0, len(chosen.reasons)), ("native", True, 1))
        chosen = PyForgeDatabricks(engines=[Failing()]).converter_selector.select_converter("orders.csv")
        self.assertEqual((chosen.converter_type, chosen.reasons, chosen.fallback_options), ("spark", ["Large file"], ["native"]))

    def test_case_168_the_next_engine(self):
        forge = PyForgeDatabricks(engines=[Failing()])
        told = forge.convert("orders.csv")
        self.assertEqual((told["success"], told["converter_used"]), (True, "native"))
        self.assertEqual(told["fallback_history"], [{"converter": "spark", "reason": "conversion_error", "error": "the cluster is gone"}])
        self.assertIn("the cluster is gone", told["warnings"][0])
        self.assertEqual(forge.fallback_manager.get_failure_report()["by_reason"]["conversion_error"]["count"], 1)

    def test_an_engine_that_fails_when_it_is_asked_is_not_taken(self):
        class Unsure(Failing):
            def fit(self, path, size_bytes, output_format, environment):
                raise RuntimeError("no cluster")

        forge = PyForgeDatabricks(engines=[Unsure()])
        self.assertEqual(forge.convert("orders.csv")["converter_used"], "native")
        self.assertIn("no cluster", forge.convert("orders.csv", engine="spark")["error"])

    def test_an_engine_by_name(self):
        told = PyForgeDatabricks(engines=[Failing()]).convert("orders.csv", engine="native")
        self.assertEqual((told["converter_used"], told["attempts"]), ("native", 0))
        told = PyForgeDatabricks(engines=[Failing()]).convert("orders.csv", engine="spark")
        self.assertEqual((told["success"], told["attempts"], told["error"]), (False, 1, "the cluster is gone"))
        told = self.forge.convert("orders.csv", engine="spark")
        self.assertEqual(told["success"], False)
        self.assertIn("it is not here; there are native", told["error"])

    def test_case_169_convert(self):
        told = self.forge.convert("orders.csv")
        self.assertLessEqual({"success", "input_path", "output_path", "output_format", "converter_used", "duration_seconds", "file_size_bytes",
                              "rows_processed", "warnings", "environment", "duration", "processing_engine", "row_count"}, set(told))
        self.assertEqual((told["success"], told["output_path"], told["output_format"], told["converter_used"], told["rows_processed"]),
                         (True, "orders_converted.parquet", "parquet", "native", 3))
        self.assertEqual((told["file_size_bytes"], told["warnings"], told["environment"]["compute_type"]), (len(ORDERS), [], "unknown"))
        with open("orders_converted.parquet", "rb") as file:
            self.assertEqual(file.read(4), b"PAR1")
        self.assertTrue(self.forge.convert("orders.csv")["success"])  # an output is replaced
        self.assertFalse(self.forge.convert("orders.csv", "orders.csv")["success"])  # the input is not
        self.assertEqual(read("orders.csv"), ORDERS)

    def test_case_170_formats(self):
        told = self.forge.convert("orders.csv", format="csv")
        self.assertEqual((told["success"], told["output_path"]), (True, "orders_converted.csv"))
        self.assertEqual(read("orders_converted.csv"), ORDERS)
        self.assertEqual(self.forge.convert("orders.csv", "out", output_format="csv")["output_path"], "out.csv")
        for format in ("json", "delta"):
            told = self.forge.convert("orders.csv", format=format)
            self.assertEqual((told["success"], os.path.exists("orders_converted." + format)), (False, False))
            self.assertIn("it does not write " + format, told["error"])

    def test_case_171_missing(self):
        told = self.forge.convert("missing.csv")
        self.assertEqual((told["success"], told["error"]), (False, "Input file not found: missing.csv"))
        self.assertLess({"success", "input_path", "error", "duration_seconds"}, set(told))

    def test_case_173_tabs(self):
        write("t.tsv", ORDERS.replace(",", "\t"))
        self.assertEqual(self.forge.convert("t.tsv")["rows_processed"], 3)

    def test_case_174_the_same_types_as_the_command(self):
        from pyforge_cli import Forge
        from pyforge_cli.main import run

        self.forge.convert("orders.csv", "api.csv")
        self.assertEqual(run(["convert", "orders.csv", "cli.csv", "-q"]), 0)
        self.assertEqual(read("api.csv"), read("cli.csv"))
        self.assertEqual(Forge().read("orders.csv").schema.types, ["int64", "text", "double"])

    def test_documented_options_are_taken(self):
        write("semi.csv", "a;b\n1;2\n")
        told = self.forge.convert("semi.csv", csv_options={"delimiter": ";", "encoding": "utf-8"}, force_core=True)
        self.assertEqual((told["success"], told["rows_processed"]), (True, 1))
        self.assertIn("force_core", told["warnings"][0])
        told = self.forge.convert("semi.csv", delimeter=";")
        self.assertEqual((told["success"], "did you mean 'delimiter'" in told["error"]), (False, True))

    def test_cases_175_and_176_info(self):
        info = self.forge.get_info("orders.csv")
        self.assertEqual([info[key] for key in ("exists", "format", "is_volume", "size", "delimiter", "encoding", "has_header", "columns")],
                         [True, "csv", False, len(ORDERS), ",", "utf-8", True, ["id", "customer", "amount"]])
        write("semi.csv", "a;b;c\n1;2;3\n4;5;6\n")
        self.assertEqual(self.forge.get_info("semi.csv")["delimiter"], ";")
        self.assertEqual(self.forge.get_info("none")["format"], "unknown")
        self.assertIs(self.forge.get_info("missing.csv")["exists"], False)

    def test_info_of_a_volume_names_it(self):
        with machine(HOME=self.folder), mock.patch.dict("sys.modules", {"databricks.sdk": None}):
            info = self.forge.get_info("/Volumes/main/default/v/a.csv")
        self.assertEqual([info[key] for key in ("is_volume", "catalog", "schema", "volume", "exists")], [True, "main", "default", "v", None])
        self.assertIn("databricks-sdk", info["error"])

    def test_case_177_validate(self):
        write("empty.csv", "")
        told = self.forge.validate("empty.csv")
        self.assertEqual((told["is_valid"], told["valid"], told["issues"]), (False, False, ["File is empty"]))
        self.assertEqual(self.forge.validate("orders.csv"), {"path": "orders.csv", "is_valid": True, "valid": True, "issues": [], "warnings": []})
        self.assertEqual(self.forge.validate("missing.csv")["issues"], ["File does not exist"])
        write("none", "x")
        self.assertEqual(self.forge.validate("none")["issues"], ["Unknown file format"])

    def test_case_178_batch(self):
        for name in "cab":
            write("in_%s.csv" % name, ORDERS)
        write("in_bad.csv", "")
        for parallel in (True, False):
            told = self.forge.batch_convert("in_*.csv", "new/out", parallel=parallel)
            self.assertEqual([one["success"] for one in told], [True, True, False, True])
            self.assertEqual(sorted(os.listdir("new/out")), ["in_a.parquet", "in_b.parquet", "in_c.parquet"])
        self.assertEqual(self.forge.batch_convert("none*.csv", "x"), [])
        self.assertEqual(len(self.forge.batch_convert(pattern="in_a.csv", output_dir="y", format="csv")), 1)
        self.assertEqual(len(self.forge.batch_convert(["in_a.csv", "in_b.csv"], "z")), 2)

    def test_two_of_a_batch_with_one_name_get_two_outputs(self):
        write("in.csv", "a,b\n1,2\n")
        write("in.tsv", "c\td\n3\t4\n")
        told = self.forge.batch_convert("in.*", "out", format="csv")
        self.assertEqual([one["output_path"] for one in told], ["out/in.csv", "out/in_2.csv"])
        self.assertEqual([read(one["output_path"]) for one in told], ["a,b\n1,2\n", "c,d\n3,4\n"])

    def test_paths_of_all_kinds_are_taken(self):
        import pathlib

        write("in_a.csv", ORDERS)
        self.assertEqual(len(self.forge.batch_convert(pathlib.Path("in_*.csv"), b"out")), 1)
        self.assertEqual(self.forge.convert(b"in_a.csv", b"o.parquet")["output_path"], "o.parquet")
        self.assertTrue(self.forge.get_info(b"in_a.csv")["exists"] and self.forge.validate(b"in_a.csv")["valid"])

    def test_case_179_statistics(self):
        self.forge.convert("orders.csv")
        self.forge.convert("missing.csv")
        told = self.forge.get_statistics()
        self.assertEqual([told[key] for key in ("total_conversions", "successful_conversions", "failed_conversions", "success_rate",
                                                "total_bytes_processed")], [2, 1, 1, 0.5, len(ORDERS)])
        self.assertLess({"session_duration_seconds", "total_gb_processed", "environment"}, set(told))

    def test_case_180_forge_is_ready(self):
        from pyforge_cli.extensions.databricks import forge

        self.assertIsInstance(forge, PyForgeDatabricks)
        self.assertIs(databricks.forge, forge)

    def test_case_182_a_second_process_finds_nothing_of_the_first(self):
        code = "from pyforge_cli.extensions.databricks import forge; print(forge.convert('orders.csv')['success'])"
        for _ in range(2):
            done = subprocess.run([sys.executable, "-c", code], env=dict(os.environ, PYTHONHASHSEED="7", HOME=self.folder),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
            self.assertEqual((done.stdout, done.stderr), ("True\n", ""))
        self.assertFalse(os.path.exists(".pyforge"))

    def test_case_183_commands(self):
        commands = DatabricksExtension().get_commands()
        self.assertEqual(sorted(commands), ["env-info", "install-datasets", "list-volumes", "validate-volume"])
        with mock.patch("sys.stdout") as out, mock.patch("sys.stderr") as complained:
            self.assertEqual((commands["env-info"](["--json"]), commands["install-datasets"](), commands["validate-volume"]()), (0, 1, 2))
        self.assertIn('"databricks"', str(out.write.call_args_list))
        self.assertIn("which?", str(complained.write.call_args_list))

    def test_case_184_errors_of_spark(self):
        extension, context = DatabricksExtension(), {}
        self.assertIs(extension.hook_error_handling(RuntimeError("Spark session lost"), context), True)
        self.assertEqual(context, {"fallback_to_pandas": True})
        self.assertIs(extension.hook_error_handling(MemoryError("a volume is full"), context), False)
        self.assertEqual((context["volume_error"], context["suggest_streaming"]), (True, True))
        self.assertEqual(extension.hook_environment_detection(), {})

    def test_case_185_no_datasets_is_no_success(self):
        told = self.forge.install_sample_datasets("/tmp/s")
        self.assertEqual((told["success"], told["total_files"], told["volume_path"]), (False, 0, "/tmp/s"))


if __name__ == "__main__":
    unittest.main()
