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
  DESTROY("Destroy_Task", "VirtualMachine.destroy");

  private final String method;
  private final String description;

  TaskKind(String method, String description) {
    this.method = method;
    this.description = description;
  }

  String method() {
    return method;
  }

  boolean isOf(TaskInfo task) {
    return method.equals(task.getName()) || description.equals(task.getDescriptionId());
  }
}
