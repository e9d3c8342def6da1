"""The hosts' files: each node has its own disk C:, and C:\\ClusterStorage is shared by the nodes of a cluster."""

from __future__ import annotations

import fnmatch
import ntpath
from datetime import datetime

from tui.lab.site.model import Csv, File
from tui.lab.site.site import Site

SHARED = "c:\\clusterstorage"
HOME = "C:\\Users\\Administrator"
"""What a relative path starts from."""


class FileFault(Exception):
    """What a file system refuses: `kind` is missing, folder-missing, drive, exists, in-use, no-bytes or full."""

    def __init__(self, kind: str, path: str) -> None:
        super().__init__(f"{kind}: {path}")
        self.kind = kind
        self.path = path


def full_path(path: str) -> str:
    """A path as Windows resolves it: absolute, backslashes, no trailing one."""
    return ntpath.normpath(ntpath.join(HOME, path.replace("/", "\\")))


class Files:
    """The file system as one host sees it. Call it under the site's lock; change under `site.change()`."""

    def __init__(self, site: Site, host: str) -> None:
        self._site = site
        self._host = host

    def _tree(self, path: str) -> dict[str, File]:
        low = path.lower()
        shared = low == SHARED or low.startswith(SHARED + "\\")
        return self._site.cluster_of(self._host).files if shared else self._site.node(self._host).files

    def find(self, path: str) -> File | None:
        """The file or folder, None if it is not there. Raises FileFault for another drive than C:."""
        path = full_path(path)
        if not path.lower().startswith("c:"):
            raise FileFault("drive", path)
        if path.lower() == "c:\\":
            return File("C:\\", folder=True)
        return self._tree(path).get(path.lower())

    def get(self, path: str) -> File:
        """The file or folder. Raises FileFault."""
        found = self.find(path)
        if found is None:
            raise FileFault("missing", full_path(path))
        return found

    def children(self, path: str, *, deep: bool = False) -> list[File]:
        """What a folder holds, by path."""
        low = full_path(path).lower().rstrip("\\") + "\\"
        node = self._site.node(self._host)
        every = {**node.files, **self._site.cluster_of(self._host).files}
        return [
            file for key, file in sorted(every.items()) if key.startswith(low) and (deep or "\\" not in key[len(low) :])
        ]

    def match(self, path: str) -> list[File]:
        """What a path with wildcards in its last part stands for."""
        folder, pattern = ntpath.split(full_path(path))
        return [
            file
            for file in self.children(folder)
            if fnmatch.fnmatchcase(ntpath.basename(file.path).lower(), pattern.lower())
        ]

    def make_folder(self, path: str) -> File:
        """Make a folder and those above it."""
        path = full_path(path)
        if self.find(path) is not None:
            return self.get(path)
        above = ntpath.dirname(path)
        if above != path:
            self.make_folder(above)
        return self._put(File(path, folder=True), self._now())

    def write(self, path: str, data: bytes) -> File:
        """Write a whole file. Raises FileFault where the folder is missing or the volume is full."""
        path = full_path(path)
        above = self.find(ntpath.dirname(path))
        if above is None or not above.folder:
            raise FileFault("folder-missing", path)
        volume = self._volume(path)
        if volume is not None and volume.free < len(data):
            raise FileFault("full", path)
        old = self.find(path)
        if old is not None and old.folder:
            raise FileFault("exists", path)
        if volume is not None:
            volume.free -= len(data) - (old.size if old else 0)
        now = self._now()
        return self._put(File(path, size=len(data), data=data, created=old.created if old else now), now)

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileFault."""
        file = self.get(path)
        if file.folder or file.data is None:
            raise FileFault("no-bytes", file.path)
        return file.data

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that it holds. Raises FileFault (a running VM holds its files)."""
        file = self.get(path)
        gone = [file, *(self.children(file.path, deep=True) if file.folder else [])]
        held = self._held()
        for each in gone:
            if each.path.lower() in held:
                raise FileFault("in-use", each.path)
        for each in gone:
            self._tree(each.path).pop(each.path.lower(), None)

    def _put(self, file: File, now: datetime) -> File:
        file.created, file.written = file.created or now, now
        self._tree(file.path)[file.path.lower()] = file
        return file

    def _now(self) -> datetime:
        return self._site.host_now(self._host)

    def _volume(self, path: str) -> Csv | None:
        return next(
            (csv for csv in self._site.cluster_of(self._host).csvs if path.lower().startswith(csv.path.lower() + "\\")),
            None,
        )

    def _held(self) -> set[str]:
        cluster = self._site.cluster_of(self._host)
        return {
            disk.path.lower()
            for vm in self._site.vms
            if vm.cluster == cluster.name and vm.state != "Off"
            for disk in vm.disks
        }
