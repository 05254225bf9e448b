"""Serves /srv/images over HTTP, with ranges, as fast as /srv/images/rate says (bytes a second),
and notes each request in /var/log/image-server: client, Range, bytes sent."""
import http.server
import os
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = "/srv/images" + self.path.split("?")[0]
        if not os.path.isfile(path):
            self.send_error(404)
            return
        size = os.path.getsize(path)
        tag = '"%d"' % os.stat(path).st_mtime_ns
        wanted = self.headers.get("Range", "-")
        start = 0
        if wanted.startswith("bytes=") and self.headers.get("If-Range") in (None, tag):
            start = int(wanted[6:].split("-")[0])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, size - 1, size))
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        sent = 0
        try:
            with open(path, "rb") as image:
                image.seek(start)
                while chunk := image.read(1 << 16):
                    self.wfile.write(chunk)
                    sent += len(chunk)
                    with open("/srv/images/rate") as rate:
                        time.sleep(len(chunk) / int(rate.read()))
        except OSError:
            self.close_connection = True
        with open("/var/log/image-server", "a") as log:
            log.write("%s %s %s %d\n" % (self.client_address[0], self.path, wanted, sent))

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
