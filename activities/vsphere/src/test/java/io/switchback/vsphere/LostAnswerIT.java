package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualMachineCloneSpec;
import com.vmware.vim25.VirtualMachineRelocateSpec;
import io.switchback.vsphere.soap.LostAnswerException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The connection ends after vCenter has done something and before it has said so. The session tells
 * that the answer was lost and sends nothing again: the judge finds exactly one of each.
 */
@ApiTier
class LostAnswerIT {
  private VcsimEstate estate;
  private Judge judge;
  private Front front;
  private VCenter vcenter;
  private ManagedObjectReference vm;

  @BeforeEach
  void open() throws IOException {
    estate = new VcsimEstate();
    judge = estate.judge();
    front = Front.before(estate.vcsim());
    vcenter = new VCenter(front.settings());
    vm = reference("VirtualMachine", judge.vm("vm-0").reference());
  }

  @AfterEach
  void close() {
    vcenter.close();
    front.close();
    estate.close();
  }

  private static ManagedObjectReference reference(String type, String id) {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType(type);
    reference.setVal(id);
    return reference;
  }

  /** What a VM's property refers to. */
  private ManagedObjectReference of(ManagedObjectReference object, String path) throws Exception {
    ManagedObjectReference found =
        vcenter
            .read(live -> Properties.of(live, object, path))
            .get(path, ManagedObjectReference.class);
    assertThat(found).isNotNull();
    return found;
  }

  private void loses(String method, VCenter.Call<ManagedObjectReference> call) {
    front.next(method, new Deed.CutAfter());

    assertThatThrownBy(() -> vcenter.change(call)).isInstanceOf(LostAnswerException.class);

    assertThat(front.calls(method)).isEqualTo(1);
  }

  @Test
  void oneSnapshotIsMade() {
    loses(
        "CreateSnapshot_Task", live -> live.vim().createSnapshot_Task(vm, "one", "", false, false));

    assertThat(judge.snapshots("vm-0")).extracting(Judge.Snapshot::name).containsExactly("one");
    assertThat(judge.tasks("VirtualMachine.createSnapshotEx")).isEqualTo(1);
  }

  @Test
  void oneCloneIsMade() throws Exception {
    VirtualMachineCloneSpec spec = new VirtualMachineCloneSpec();
    spec.setLocation(new VirtualMachineRelocateSpec());
    ManagedObjectReference folder = of(vm, "parent");

    loses("CloneVM_Task", live -> live.vim().cloneVM_Task(vm, folder, "copy", spec));

    assertThat(judge.tasksEnded("VirtualMachine.cloneVm")).isEqualTo(1);
    assertThat(judge.vms()).containsExactly("copy", "vm-0", "vm-1");
  }

  @Test
  void oneVmIsRegistered() throws Exception {
    String path = judge.vm("vm-0").path();
    ManagedObjectReference folder = of(vm, "parent");
    ManagedObjectReference pool = of(vm, "resourcePool");
    judge.unregister("vm-0");
    assertThat(judge.vms()).containsExactly("vm-1");

    loses(
        "RegisterVM_Task",
        live -> live.vim().registerVM_Task(folder, path, "vm-0", false, pool, null));

    assertThat(judge.tasksEnded("Folder.registerVm")).isEqualTo(1);
    assertThat(judge.vms()).containsExactly("vm-0", "vm-1");
  }
}
