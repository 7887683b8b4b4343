#!/usr/bin/env python3
"""The judge: looks at a vCenter by VMware's own Python client, which shares nothing with the product.

Reads one JSON object a line from standard input and answers with one, {"answer": ...} or {"error": "..."}. The first
object is the login: {"host", "port", "user", "password", "certificate"}; "certificate" is the PEM text that is trusted,
empty for a server without TLS. Ends with its input. It changes nothing but where a question says so: those stand in for
a person with vCenter's own client.
"""

import json
import ssl
import sys
import time

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim, vmodl


def connect(host, port, user, password, certificate):
    if not certificate:
        return SmartConnect(protocol="http", host=host, port=port, user=user, pwd=password)
    trusted = ssl.create_default_context(cadata=certificate)
    return SmartConnect(host=host, port=port, user=user, pwd=password, sslContext=trusted)


class Judge:
    def __init__(self, service):
        self.service = service
        self.content = service.RetrieveContent()

    def about(self):
        about = self.content.about
        return {"instanceUuid": about.instanceUuid, "apiVersion": about.apiVersion, "fullName": about.fullName}

    def all(self, kind):
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, [kind], True)
        try:
            return self.read(view, "view")[0] or []
        finally:
            view.DestroyView()

    def names(self, kind):
        things = self.all(kind)
        if not things:
            return []
        collector = vmodl.query.PropertyCollector
        wanted = collector.FilterSpec(
            objectSet=[collector.ObjectSpec(obj=thing) for thing in things],
            propSet=[collector.PropertySpec(type=kind, pathSet=["name"])],
        )
        return [(each.propSet[0].val, each.obj) for each in self.content.propertyCollector.RetrieveContents([wanted])]

    def named(self, kind, name):
        found = [thing for known, thing in self.names(kind) if known == name]
        if len(found) != 1:
            raise LookupError(f"{len(found)} objects are called '{name}'")
        return found[0]

    def read(self, thing, *paths):
        """Properties of an object by the property collector, None where it has none; vCenters do not all answer Fetch."""
        collector = vmodl.query.PropertyCollector
        wanted = collector.FilterSpec(
            objectSet=[collector.ObjectSpec(obj=thing)],
            propSet=[collector.PropertySpec(type=type(thing), pathSet=list(paths))],
        )
        (found,) = self.content.propertyCollector.RetrieveContents([wanted])
        values = {each.name: each.val for each in found.propSet}
        return [values.get(path) for path in paths]

    def find(self, vm):
        return self.named(vim.VirtualMachine, vm)

    def vms(self):
        """The names of all VMs, one for each that is registered."""
        return sorted(name for name, _ in self.names(vim.VirtualMachine))

    def vm(self, vm):
        found = self.find(vm)
        config, power, host, tools, consolidate = self.read(
            found,
            "config",
            "runtime.powerState",
            "runtime.host",
            "guest.toolsRunningStatus",
            "runtime.consolidationNeeded",
        )
        return {
            "reference": found._moId,
            "name": config.name,
            "uuid": config.uuid,
            "instanceUuid": config.instanceUuid,
            "changeVersion": config.changeVersion,
            "changeTracking": bool(config.changeTrackingEnabled),
            "path": config.files.vmPathName,
            "power": str(power),
            "host": self.read(host, "name")[0],
            "tools": tools,
            "consolidationNeeded": bool(consolidate),
            "notes": config.annotation or "",
            "guest": config.guestId,
            "extraConfig": {option.key: str(option.value) for option in config.extraConfig},
        }

    def census(self):
        """What matters of every VM, by name."""
        things = self.all(vim.VirtualMachine)
        if not things:
            return []
        groups = {group._moId: name for name, group in self.names(vim.Network)}
        collector = vmodl.query.PropertyCollector
        wanted = collector.FilterSpec(
            objectSet=[collector.ObjectSpec(obj=thing) for thing in things],
            propSet=[collector.PropertySpec(type=vim.VirtualMachine, pathSet=["name", "config", "runtime.powerState", "snapshot"])],
        )
        found = [
            summary({each.name: each.val for each in vm.propSet}, groups)
            for vm in self.content.propertyCollector.RetrieveContents([wanted])
        ]
        return sorted(found, key=lambda vm: vm["name"])

    def devices(self, vm):
        return [device(each) for each in self.hardware(self.find(vm))]

    def hardware(self, thing):
        return self.read(thing, "config.hardware.device")[0]

    def snapshots(self, vm):
        """Every snapshot, parents before their children."""
        (tree,) = self.read(self.find(vm), "snapshot")
        if tree is None:
            return []
        current = tree.currentSnapshot._moId if tree.currentSnapshot else None
        found = []

        def walk(nodes, parent):
            for node in nodes:
                moid = node.snapshot._moId
                found.append(
                    {
                        "reference": moid,
                        "name": node.name,
                        "description": node.description,
                        "parent": parent,
                        "current": moid == current,
                        "quiesced": bool(node.quiesced),
                        "createTime": node.createTime.isoformat(),
                        "disks": [
                            device(disk)
                            for disk in self.hardware(node.snapshot)
                            if isinstance(disk, vim.vm.device.VirtualDisk)
                        ],
                    }
                )
                walk(node.childSnapshotList, node.name)

        walk(tree.rootSnapshotList, None)
        return found

    def networks(self):
        return sorted(
            ({"name": name, "kind": type(network).__name__.rpartition(".")[2]} for name, network in self.names(vim.Network)),
            key=lambda network: network["name"],
        )

    def switch(self, host, network):
        """The standard switch that a host's network is on."""
        (system,) = self.read(self.named(vim.HostSystem, host), "configManager.networkSystem")
        (info,) = self.read(system, "networkInfo")
        (on,) = [group.spec.vswitchName for group in info.portgroup if group.spec.name == network]
        (found,) = [each for each in info.vswitch if each.name == on]
        return {"name": found.name, "uplinks": list(found.pnic or [])}

    def attribute(self, vm, name):
        """A custom attribute of the VM, empty when it has none of that name."""
        values, fields = self.read(self.find(vm), "customValue", "availableField")
        keys = [field.key for field in fields or [] if field.name == name]
        return next((value.value for value in values or [] if value.key in keys), "")

    def tasks(self):
        """How often each kind of task ran, and at what it ran: the newest thousand of them."""
        collector = self.content.taskManager.CreateCollectorForTasks(vim.TaskFilterSpec())
        try:
            collector.RewindCollector()
            found = []
            while page := collector.ReadNextTasks(100):
                found += page
            return [
                {
                    "kind": task.descriptionId,
                    "entity": task.entity._moId if task.entity else None,
                    "entityName": task.entityName,
                    "state": str(task.state),
                }
                for task in found
            ]
        finally:
            collector.DestroyCollector()

    def await_tasks(self, kind):
        """Returns when no task of the kind is queued or runs; gives up after half a minute."""
        for _ in range(3000):
            if all(task["state"] in ("success", "error") for task in self.tasks() if task["kind"] == kind):
                return
            time.sleep(0.01)
        raise TimeoutError(f"tasks '{kind}' have not ended")

    def sessions(self):
        """The sessions besides the judge's own."""
        current, known = self.read(self.content.sessionManager, "currentSession", "sessionList")
        return [{"key": session.key, "user": session.userName} for session in known if session.key != current.key]

    def power(self, vm, on):
        """Changes the VM's power."""
        found = self.find(vm)
        self.finish(found.PowerOnVM_Task() if on else found.PowerOffVM_Task())

    def suspend(self, vm):
        """Suspends the VM, which runs."""
        self.finish(self.find(vm).SuspendVM_Task())

    def unplug(self, vm):
        """Disconnects the VM's cards."""
        changes = []
        for card in self.hardware(self.find(vm)):
            if isinstance(card, vim.vm.device.VirtualEthernetCard):
                card.connectable = card.connectable or vim.vm.device.VirtualDevice.ConnectInfo()
                card.connectable.connected = False
                card.connectable.startConnected = False
                changes.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=card))
        self.reconfigure(vm, vim.vm.ConfigSpec(deviceChange=changes))

    def set_extra_config(self, vm, key, value):
        """Writes an option of the VM."""
        self.reconfigure(vm, vim.vm.ConfigSpec(extraConfig=[vim.option.OptionValue(key=key, value=value)]))

    def unregister(self, vm):
        """Takes the VM out of the inventory."""
        self.find(vm).UnregisterVM()

    def end_sessions(self):
        """Ends every session but the judge's own."""
        keys = [session["key"] for session in self.sessions()]
        if keys:
            self.content.sessionManager.TerminateSession(keys)
        return len(keys)

    def reconfigure(self, vm, spec):
        self.finish(self.find(vm).ReconfigVM_Task(spec))

    def finish(self, task):
        """Waits for the task's end. The client's own way stumbles over a running task whose method it does not know."""
        for _ in range(3000):
            state, error = self.read(task, "info.state", "info.error")
            if state == "success":
                return
            if state == "error":
                raise error
            time.sleep(0.01)
        raise TimeoutError(f"the task {task._moId} has not ended")


def summary(vm, groups):
    config, tree = vm["config"], vm.get("snapshot")
    devices = [device(each) for each in config.hardware.device]

    def names(nodes):
        return [name for node in nodes for name in [node.name, *names(node.childSnapshotList)]]

    return {
        "name": vm["name"],
        "id": config.instanceUuid,
        "power": {"poweredOn": "ON", "poweredOff": "OFF"}.get(str(vm["runtime.powerState"]), "SUSPENDED"),
        "cpus": config.hardware.numCPU,
        "memoryMib": config.hardware.memoryMB,
        "snapshots": sorted(names(tree.rootSnapshotList)) if tree else [],
        "diskBytes": sorted(each["capacityBytes"] for each in devices if "capacityBytes" in each),
        "networks": sorted(each["network"] or groups[each["portGroup"]] for each in devices if "mac" in each),
    }


def device(found):
    backing = found.backing
    said = {
        "key": found.key,
        "kind": type(found).__name__.rpartition(".")[2],
        "label": found.deviceInfo.label if found.deviceInfo else None,
        "controller": found.controllerKey,
        "unit": found.unitNumber,
    }
    if isinstance(found, vim.vm.device.VirtualDisk):
        said["capacityBytes"] = found.capacityInBytes or found.capacityInKB * 1024
        said["file"] = backing.fileName
        said["uuid"] = getattr(backing, "uuid", None)
        said["mode"] = backing.diskMode
        said["changeId"] = getattr(backing, "changeId", None)
        parent = getattr(backing, "parent", None)
        said["parent"] = parent.fileName if parent else None
    if isinstance(found, vim.vm.device.VirtualEthernetCard):
        said["mac"] = found.macAddress
        said["connected"] = bool(found.connectable and found.connectable.connected)
        said["startConnected"] = bool(found.connectable and found.connectable.startConnected)
        said["network"] = getattr(backing, "deviceName", None)
        port = getattr(backing, "port", None)
        said["portGroup"] = port.portgroupKey if port else None
    return said


QUESTIONS = (
    "about vms vm census devices snapshots networks switch attribute tasks await_tasks sessions power suspend unplug set_extra_config unregister end_sessions".split()
)


def main():
    def say(**answer):
        print(json.dumps(answer), flush=True)

    def why(error):
        return f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"

    try:
        service = connect(**json.loads(sys.stdin.readline()))
        judge = Judge(service)
    except (OSError, vmodl.MethodFault, ValueError, TypeError) as error:
        say(error=why(error))
        return 1
    say(answer=judge.about())
    for line in sys.stdin:
        try:
            question = json.loads(line)
            name = question.pop("ask")
            if name not in QUESTIONS:
                raise LookupError(f"there is no question '{name}'")
            say(answer=getattr(judge, name)(**question))
        except Exception as error:  # Whatever went wrong is the answer; the test that asked decides what it means.
            say(error=why(error))
    Disconnect(service)
    return 0


if __name__ == "__main__":
    sys.exit(main())
