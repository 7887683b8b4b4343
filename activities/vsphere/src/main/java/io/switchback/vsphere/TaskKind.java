package io.switchback.vsphere;

import com.vmware.vim25.TaskInfo;

/**
 * What vCenter calls the tasks of one method, by which a task is found whose start was not
 * answered.
 */
enum TaskKind {
  POWER_ON("PowerOnVM_Task", "VirtualMachine.powerOn"),
  POWER_OFF("PowerOffVM_Task", "VirtualMachine.powerOff"),
  RECONFIGURE("ReconfigVM_Task", "VirtualMachine.reconfigure"),
  RELOCATE("RelocateVM_Task", "VirtualMachine.relocate"),
  MOVE("MoveIntoFolder_Task", "Folder.moveInto"),
  CREATE("CreateVM_Task", "Folder.createVm"),
  CLONE("CloneVM_Task", "VirtualMachine.clone", "VirtualMachine.cloneVm"),
  REGISTER("RegisterVM_Task", "Folder.registerVm"),
  DESTROY("Destroy_Task", "VirtualMachine.destroy"),
  CREATE_SNAPSHOT(
      "CreateSnapshot_Task", "VirtualMachine.createSnapshot", "VirtualMachine.createSnapshotEx"),
  REVERT("RevertToSnapshot_Task", "vm.Snapshot.revert", "VirtualMachine.revertToSnapshot"),
  REMOVE_SNAPSHOT("RemoveSnapshot_Task", "vm.Snapshot.remove", "VirtualMachine.removeSnapshot"),
  CONSOLIDATE("ConsolidateVMDisks_Task", "VirtualMachine.consolidateDisks");

  private final String method;
  private final String description;
  private final String another;

  TaskKind(String method, String description) {
    this(method, description, description);
  }

  TaskKind(String method, String description, String another) {
    this.method = method;
    this.description = description;
    this.another = another;
  }

  String method() {
    return method;
  }

  boolean isOf(TaskInfo task) {
    return method.equals(task.getName())
        || description.equals(task.getDescriptionId())
        || another.equals(task.getDescriptionId());
  }
}
