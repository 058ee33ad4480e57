"""A stand-in for a Databricks workspace: what databricks-sdk asks of Unity Catalog and of the files of volumes, answered from memory on
127.0.0.1. Our reading of the public REST API; with short pages, so that paging is tried."""
import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = 2


class Workspace(ThreadingHTTPServer):
    """catalogs, schemas, volumes: {full name: facts}. files: {path: bytes}; folders: a set of paths. denied: full names that may
    not be seen. calls: what was asked, in order."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.objects = {"catalogs": {}, "schemas": {}, "volumes": {}}
        self.files, self.folders, self.denied, self.calls = {}, set(), set(), []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_port

    def add_volume(self, catalog, schema, volume, **facts):
        self.objects["catalogs"][catalog] = {"name": catalog}
        self.objects["schemas"]["%s.%s" % (catalog, schema)] = {"name": schema, "catalog_name": catalog}
        name = "%s.%s.%s" % (catalog, schema, volume)
        self.objects["volumes"][name] = dict({"name": volume, "full_name": name, "catalog_name": catalog, "schema_name": schema}, **facts)
        self.folders.add("/Volumes/%s/%s/%s" % (catalog, schema, volume))

    def end(self):
        self.shutdown()
        self.server_close()


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in dict({"content-length": str(len(body))}, **headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def say(self, value, code=200):
        self.answer(code, json.dumps(value).encode(), **{"content-type": "application/json"})

    def refuse(self, code, word, text):
        self.say({"error_code": word, "message": text}, code)

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def handle_any(self):
        parsed = urllib.parse.urlparse(self.path)
        path, query, body = urllib.parse.unquote(parsed.path), dict(urllib.parse.parse_qsl(parsed.query)), self.body()
        self.server.calls.append("%s %s" % (self.command, path))
        if not self.headers.get("authorization", "").startswith("Bearer "):
            return self.refuse(401, "UNAUTHENTICATED", "no token")
        if path.startswith("/api/2.1/unity-catalog/"):
            return self.catalog(*path.split("/")[4:])
        if path.startswith("/api/2.0/fs/files/"):
            return self.file(path[len("/api/2.0/fs/files") :], query, body)
        if path.startswith("/api/2.0/fs/directories/"):
            return self.folder(path[len("/api/2.0/fs/directories") :].rstrip("/"), query)
        return self.refuse(404, "ENDPOINT_NOT_FOUND", path)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any

    def catalog(self, kind, name=""):
        known = self.server.objects.get(kind)
        if known is None or not name:
            return self.refuse(404, "ENDPOINT_NOT_FOUND", kind)
        if name in self.server.denied:
            return self.refuse(403, "PERMISSION_DENIED", "no USE SCHEMA on it")
        if name not in known:
            return self.refuse(404, "NOT_FOUND", "'%s' does not exist" % name)
        return self.say(known[name])

    def file(self, path, query, body):
        files, server = self.server.files, self.server
        if self.command == "PUT":
            if path.rpartition("/")[0] not in server.folders:
                return self.refuse(404, "NOT_FOUND", "no such folder")
            if path in files and query.get("overwrite") != "true":
                return self.refuse(409, "ALREADY_EXISTS", "it is there")
            files[path] = body
            return self.answer(204)
        if path not in files:
            return self.refuse(404, "NOT_FOUND", "no such file")
        if self.command == "DELETE":
            del files[path]
            return self.answer(204)
        head = {"content-type": "application/octet-stream", "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
        return self.answer(200, files[path], **head)

    def folder(self, path, query):
        server = self.server
        if self.command == "PUT":
            server.folders.update("/".join(path.split("/")[:size]) for size in range(5, path.count("/") + 2))
            return self.answer(204)
        if path not in server.folders:
            return self.refuse(404, "NOT_FOUND", "no such folder")
        inside = sorted(one for one in [*server.files, *server.folders] if one.rpartition("/")[0] == path)
        if self.command == "DELETE":
            if inside:
                return self.refuse(400, "BAD_REQUEST", "not empty")
            server.folders.remove(path)
            return self.answer(204)
        if self.command == "HEAD":
            return self.answer(200)
        first = int(query.get("page_token") or 0)
        told = {"contents": [{"path": one, "name": one.rpartition("/")[2], "is_directory": one in server.folders, "last_modified": 1704067200000,
                              **({} if one in server.folders else {"file_size": len(server.files[one])})}
                             for one in inside[first : first + PAGE]]}
        if first + PAGE < len(inside):
            told["next_page_token"] = str(first + PAGE)
        return self.say(told)
