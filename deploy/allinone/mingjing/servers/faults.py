"""What can keep an embedded server from starting, each with its remedy.

The one rule: nobody who runs the command line meets a traceback or a line of PostgreSQL's log without its meaning.
"""

from __future__ import annotations

from mingjing_kernel.refusal import Refusal


class ServerFault(Refusal):
    """An embedded server cannot run; the values name the place, the number or the version."""

    status = 503


class EngineMissing(ServerFault):
    """Neither the wheel nor the machine has a server that runs here."""

    sentence = "No {engine} was found that runs on this machine."
    remedy = "Run ./mingjing again with a network, install {package}, or set {variable} to a server that exists."


class DirectoryNotWritable(ServerFault):
    """The data directory cannot be made or written."""

    sentence = "The directory {directory} cannot be written: {reason}."
    remedy = "Choose another place with --data DIR, or give your user the right to write there."


class DataOfAnotherUser(ServerFault):
    """The data directory belongs to another user of the machine."""

    sentence = "The data in {directory} belongs to user {owner}, but this is user {user}."
    remedy = "Run as user {owner}, or choose another place with --data DIR."


class DiskFull(ServerFault):
    """Too little room is left to write safely."""

    sentence = "The disk that holds {directory} is full: {free_mib} MiB free, {needed_mib} MiB needed."
    remedy = "Free some room, or move the data to a larger disk and point --data DIR there."


class WrongDataVersion(ServerFault):
    """The data directory was written by another major version of the server."""

    sentence = "The data in {directory} was written by {engine} {found}, but this machine has {engine} {present}."
    remedy = (
        "Install {engine} {found} (its programs are found by themselves), or move the data with pg_upgrade; "
        "nothing was changed."
    )


class RelayDamaged(ServerFault):
    """JetStream cannot read its own directory."""

    sentence = "NATS cannot use its directory {directory}: {reason}."
    remedy = "Move {directory} away and start again. Nothing is lost: it is a relay, and the logs have everything."


class DataDamaged(ServerFault):
    """The directory exists, is not empty, and is not a data directory."""

    sentence = "The directory {directory} is not empty and holds no complete {engine} data."
    remedy = "A first start may have been cut short: move the directory away and start again."


class PortTaken(ServerFault):
    """Somebody else listens on the port."""

    sentence = "Port {port} is taken by another program."
    remedy = "Stop that program, or choose another port."


class LocaleUnfit(ServerFault):
    """Text search would silently find nothing in Chinese."""

    sentence = "The database at {place} has LC_CTYPE {found}; searching Chinese text needs a UTF-8 one such as C.UTF-8."
    remedy = (
        "Create the database again with LC_CTYPE C.UTF-8 (CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8')."
    )


class StartFailed(ServerFault):
    """The server ended or stayed silent for a reason that has no name of its own."""

    sentence = "{engine} did not start: {reason}."
    remedy = "Read the log in {log}; the data was not changed."


class RestartFailed(ServerFault):
    """A member could not be started again, for a reason that nobody foresaw."""

    sentence = "{member} could not be started again: {reason}."
    remedy = "It is tried again by itself. Look at the disk, the memory and the log files in the data directory."


class AlreadyRunning(ServerFault):
    """Another process holds the data directory."""

    sentence = "Another Mingjing (process {pid}) is using {directory}."
    remedy = "Use that one, stop it with: kill {pid}, or choose another place with --data DIR."


class ServiceStopped(ServerFault):
    """A service ended while it was starting."""

    sentence = "The {service} service stopped while starting: {reason}."
    remedy = "Read the log in {log}."


class ServiceRefused(ServerFault):
    """A service said itself why it does not start, and what to do."""

    sentence = "The {service} service does not start: {reason}"
    remedy = "What to do: {remedy}"


class ServiceSilent(ServerFault):
    """A service runs but never said that it is ready."""

    sentence = "The {service} service was not ready within {seconds} seconds."
    remedy = "Read the log in {log}; a busy machine may need a second try."


class ServerUnreachable(ServerFault):
    """A server that the environment names does not answer."""

    sentence = "The {engine} that {variable} names does not answer: {reason}."
    remedy = "Check the address, the user and the network, or unset {variable} to use the embedded server."
