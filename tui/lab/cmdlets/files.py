"""Files and folders: Get-Item, Get-ChildItem, Get-Content, Set-Content, New-Item, Remove-Item, Test-Path."""

from __future__ import annotations

import fnmatch
import ntpath
from collections.abc import Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet, CmdletError, PSError, Streams
from tui.lab.cmdlets.act import error, flag, texts, wild
from tui.lab.cmdlets.content import lines_of, text_of, written
from tui.lab.site import Site
from tui.lab.site.files import FileFault, Files
from tui.lab.site.model import File
from tui.lab.values import EnumValue, PSObject, Value

COMMANDS = "Microsoft.PowerShell.Commands."
ATTRIBUTES = "System.IO.FileAttributes"


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The file cmdlets of one host."""
    files = Files(site, host)
    return {
        "Get-Item": lambda call, out: _get_item(files, call, out),
        "Get-ChildItem": lambda call, out: _get_children(files, call, out),
        "Get-Content": lambda call, out: _get_content(files, call, out),
        "Set-Content": lambda call, out: _set_content(files, call, out),
        "New-Item": lambda call, out: _new_item(files, call, out),
        "Remove-Item": lambda call, out: _remove_item(files, call, out),
        "Test-Path": lambda call, out: _test_path(files, call),
    }


def file_object(file: File, *, name_only: bool = False) -> PSObject:
    """A FileInfo or DirectoryInfo."""
    folder, name = ntpath.split(file.path)
    base, extension = ntpath.splitext(name)
    common: dict[str, Value] = {
        "Name": name or file.path,
        "FullName": file.path,
        "Exists": True,
        "Extension": extension,
        "BaseName": name if file.folder else base,
        "CreationTime": file.created,
        "CreationTimeUtc": file.created,
        "LastAccessTime": file.written,
        "LastAccessTimeUtc": file.written,
        "LastWriteTime": file.written,
        "LastWriteTimeUtc": file.written,
        "LinkType": None,
        "Target": None,
        "PSPath": f"Microsoft.PowerShell.Core\\FileSystem::{file.path}",
        "PSParentPath": f"Microsoft.PowerShell.Core\\FileSystem::{folder}",
        "PSChildName": name,
        "PSIsContainer": file.folder,
    }
    if file.folder:
        common |= {
            "Attributes": EnumValue(ATTRIBUTES, "Directory", 16),
            "Mode": "d-----",
            "Root": "C:\\",
            "Parent": PSObject("System.IO.DirectoryInfo", {"FullName": folder}, ntpath.basename(folder)),
        }
    else:
        common |= {
            "Attributes": EnumValue(ATTRIBUTES, "Archive", 32),
            "Mode": "-a----",
            "Length": file.size,
            "IsReadOnly": False,
            "DirectoryName": folder,
            "Directory": PSObject("System.IO.DirectoryInfo", {"FullName": folder}, folder),
        }
    kind = "System.IO.DirectoryInfo" if file.folder else "System.IO.FileInfo"
    return PSObject(kind, common, name if name_only else file.path)


def _refused(fault: FileFault, command: str) -> PSError:
    """The error record of a FileFault, as PowerShell's FileSystem provider writes it."""
    path, suffix = fault.path, f",{COMMANDS}{command}Command"
    texts_of = {
        "missing": ("PathNotFound", "ObjectNotFound", f"Cannot find path '{path}' because it does not exist."),
        "drive": (
            "DriveNotFound",
            "ObjectNotFound",
            f"Cannot find drive. A drive with the name '{path.split(':')[0]}' does not exist.",
        ),
        "folder-missing": (
            "GetContentWriterDirectoryNotFoundError",
            "ObjectNotFound",
            f"Could not find a part of the path '{path}'.",
        ),
        "full": ("GetContentWriterIOError", "WriteError", "There is not enough space on the disk."),
        "in-use": (
            "RemoveFileSystemItemIOError",
            "WriteError",
            f"Cannot remove item {path}: The process cannot access the file '{path}' because it is being "
            "used by another process.",
        ),
        "no-bytes": (
            "GetContentReaderIOError",
            "ReadError",
            f"The process cannot access the file '{path}' because it is being used by another process.",
        ),
        "exists": (
            "GetContentWriterUnauthorizedAccessError",
            "PermissionDenied",
            f"Access to the path '{path}' is denied.",
        ),
    }
    if command == "NewItem" and fault.kind in ("folder-missing", "full"):
        return error(f"NewItemIOError{suffix}", "WriteError", texts_of[fault.kind][2], path)
    id, category, message = texts_of[fault.kind]
    return error(id + suffix, category, message, path)


def _found(files: Files, call: Call, out: Streams, command: str) -> Iterable[File]:
    """What -LiteralPath names and -Path stands for; the missing are reported."""
    for path in texts(call, "LiteralPath"):
        yield from _one(files, path, out, command)
    for path in texts(call, "Path"):
        if wild(path):
            yield from files.match(path)
        else:
            yield from _one(files, path, out, command)


def _one(files: Files, path: str, out: Streams, command: str) -> Iterable[File]:
    try:
        yield files.get(path)
    except FileFault as fault:
        out.error(_refused(fault, command))


def _get_item(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    return [file_object(file) for file in _found(files, call, out, "GetItem")]


def _get_children(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    roots = list(_found(files, call, out, "GetChildItem"))
    if not texts(call, "LiteralPath", "Path"):
        roots = [files.get("C:\\")]
    pattern = call.text("Filter", "*")
    for root in roots:
        inside = files.children(root.path, deep=flag(call, "Recurse")) if root.folder else [root]
        for file in inside:
            if (flag(call, "File") and file.folder) or (flag(call, "Directory") and not file.folder):
                continue
            name = ntpath.basename(file.path)
            if fnmatch.fnmatchcase(name.lower(), pattern.lower()):
                yield name if flag(call, "Name") else file_object(file, name_only=True)


def _get_content(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    for file in list(_found(files, call, out, "GetContent")):
        try:
            data = files.read(file.path)
        except FileFault as fault:
            out.error(_refused(fault, "GetContent"))
            continue
        if call.text("Encoding").lower() == "byte":
            yield from lines_of(list(data), int(call.text("ReadCount", "1")))
        elif flag(call, "Raw"):
            yield text_of(data, call.text("Encoding"))
        else:
            lines: list[Value] = list(text_of(data, call.text("Encoding")).splitlines())
            yield from lines_of(lines, int(call.text("ReadCount", "1")))


def _set_content(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    data = written(
        call.parameters.get("Value", list(call.pipeline)), call.text("Encoding"), newline=not flag(call, "NoNewline")
    )
    for path in texts(call, "LiteralPath", "Path"):
        try:
            file = files.write(path, data)
        except FileFault as fault:
            out.error(_refused(fault, "SetContent"))
            continue
        if flag(call, "PassThru"):
            yield file_object(file)


def _new_item(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    folder = call.text("ItemType").lower().startswith("d")
    for base in texts(call, "Path"):
        path = ntpath.join(base, call.text("Name")) if call.text("Name") else base
        try:
            old = files.find(path)
            if old is not None and not (flag(call, "Force") and old.folder == folder):
                out.error(_exists(old, folder))
            elif folder:
                yield file_object(files.make_folder(path))
            else:
                if flag(call, "Force"):
                    files.make_folder(ntpath.dirname(path))
                data = written(call.parameters.get("Value"), "", newline=False)
                yield file_object(files.write(path, data))
        except FileFault as fault:
            out.error(_refused(fault, "NewItem"))


def _exists(old: File, folder: bool) -> PSError:
    if folder:
        return error(
            f"DirectoryExist,{COMMANDS}NewItemCommand",
            "ResourceExists",
            f"An item with the specified name {old.path} already exists.",
            old.path,
        )
    return error(
        f"NewItemIOError,{COMMANDS}NewItemCommand", "WriteError", f"The file '{old.path}' already exists.", old.path
    )


def _remove_item(files: Files, call: Call, out: Streams) -> Iterable[Value]:
    for file in list(_found(files, call, out, "RemoveItem")):
        if file.folder and not flag(call, "Recurse") and files.children(file.path):
            # It would ask; without a console to ask, PowerShell stops here.
            raise CmdletError(
                error(
                    f"InvalidOperation,{COMMANDS}RemoveItemCommand",
                    "InvalidOperation",
                    "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
                )
            )
        try:
            files.remove(file.path)
        except FileFault as fault:
            out.error(_refused(fault, "RemoveItem"))
    return []


def _test_path(files: Files, call: Call) -> Iterable[Value]:
    wanted = call.text("PathType", "Any").lower()
    for path in (*texts(call, "LiteralPath"), *texts(call, "Path")):
        try:
            literal = "LiteralPath" in call.parameters or not wild(path)
            found = [f for f in [files.find(path)] if f] if literal else files.match(path)
        except FileFault:
            found = []
        yield any(wanted not in ("container", "leaf") or file.folder == (wanted == "container") for file in found)
