package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.*;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.vsphere.soap.FaultString;
import io.switchback.vsphere.soap.LostAnswerException;
import io.switchback.vsphere.soap.NotSentException;
import io.switchback.vsphere.soap.UntrustedException;
import java.io.IOException;
import java.rmi.RemoteException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class VsphereFaultsTest {
  @TestFactory
  Stream<DynamicTest> callsARefusalByTheProductsName() {
    return Map.<MethodFault, Fault>ofEntries(
            Map.entry(new InvalidLogin(), Fault.BAD_CREDENTIALS),
            Map.entry(new NotAuthenticated(), Fault.SITE_UNREACHABLE),
            Map.entry(new NoPermission(), Fault.NO_PERMISSION),
            Map.entry(new ToolsUnavailable(), Fault.TOOLS_UNAVAILABLE),
            Map.entry(new ApplicationQuiesceFault(), Fault.TOOLS_UNAVAILABLE),
            Map.entry(new NoDiskSpace(), Fault.DATASTORE_FULL),
            Map.entry(new InsufficientStorageSpace(), Fault.DATASTORE_FULL),
            Map.entry(new InsufficientMemoryResourcesFault(), Fault.NO_CAPACITY),
            Map.entry(new NoCompatibleHost(), Fault.NO_CAPACITY),
            Map.entry(new InvalidPowerState(), Fault.WRONG_POWER_STATE),
            Map.entry(new HostNotConnected(), Fault.SITE_UNREACHABLE),
            Map.entry(new InaccessibleDatastore(), Fault.SITE_UNREACHABLE),
            Map.entry(new Timedout(), Fault.SITE_UNREACHABLE),
            Map.entry(new CannotAccessVmDisk(), Fault.SITE_UNREACHABLE),
            Map.entry(new CannotAccessNetwork(), Fault.INVALID_INPUT),
            Map.entry(new CannotUseNetwork(), Fault.INVALID_INPUT),
            Map.entry(new TooManyConcurrentNativeClones(), Fault.BUSY),
            Map.entry(new FileLocked(), Fault.DISK_IN_USE),
            Map.entry(new CannotAccessFile(), Fault.SITE_UNREACHABLE),
            Map.entry(new FileNotFound(), Fault.DISK_UNREADABLE),
            Map.entry(new FileAlreadyExists(), Fault.INVALID_INPUT),
            Map.entry(new FileNameTooLong(), Fault.INVALID_INPUT),
            Map.entry(new FileTooLarge(), Fault.INVALID_INPUT),
            Map.entry(new FileNotWritable(), Fault.REFUSED),
            Map.entry(new CannotDeleteFile(), Fault.REFUSED),
            Map.entry(new HostConfigFault(), Fault.REFUSED),
            Map.entry(new PlatformConfigFault(), Fault.REFUSED),
            Map.entry(new ResourceInUse(), Fault.BUSY),
            Map.entry(new TaskInProgress(), Fault.BUSY),
            Map.entry(new ConcurrentAccess(), Fault.BUSY),
            Map.entry(new DuplicateName(), Fault.INVALID_INPUT),
            Map.entry(new AlreadyExists(), Fault.INVALID_INPUT),
            Map.entry(new InvalidName(), Fault.INVALID_INPUT),
            Map.entry(new InvalidArgument(), Fault.INVALID_INPUT),
            Map.entry(new NotSupported(), Fault.REFUSED),
            Map.entry(new SystemError(), Fault.UNEXPECTED))
        .entrySet()
        .stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey().getClass().getSimpleName(),
                    () -> {
                      FaultString.attach(entry.getKey(), "The server's own words.");
                      assertThat(translate(entry.getKey()).fault()).isEqualTo(entry.getValue());
                    }));
  }

  @Test
  void namesThePrivilegeThatIsMissingAndWhere() {
    NoPermission no = new NoPermission();
    no.setPrivilegeId("VirtualMachine.Interact.PowerOn");
    no.setObject(reference("VirtualMachine", "vm-7"));

    assertThat(translate(no).sentence())
        .isEqualTo(
            "Could not power on x: the account lacks the privilege 'VirtualMachine.Interact.PowerOn' on VirtualMachine 'vm-7'. Add it to the account's role there, then retry the step.");
  }

  @Test
  void namesWhatIsInUseOrMissing() {
    ResourceInUse used = new ResourceInUse();
    used.setName("drill-1f0a77c2");
    CannotUseNetwork network = new CannotUseNetwork();
    network.setBacking("erp-lan");
    FileNotFound file = new FileNotFound();
    file.setFile("[fast] web-01/web-01.vmdk");

    assertThat(translate(used).sentence()).contains("'drill-1f0a77c2' is in use");
    assertThat(translate(network).sentence())
        .contains("no network 'erp-lan'", "map to another one");
    assertThat(translate(file).sentence()).contains("'[fast] web-01/web-01.vmdk' is gone");
  }

  @Test
  void tellsAVmThatIsGoneFromARestorePointAndFromAnythingElse() {
    assertThat(gone("VirtualMachine")).isEqualTo(Fault.VM_NOT_FOUND);
    assertThat(gone("VirtualMachineSnapshot")).isEqualTo(Fault.RESTORE_POINT_NOT_FOUND);
    assertThat(gone("HostSystem").remedy()).isEqualTo(Remedy.RETRY);
  }

  private static Fault gone(String type) {
    ManagedObjectNotFound gone = new ManagedObjectNotFound();
    gone.setObj(reference(type, "x-7"));
    return translate(gone).fault();
  }

  @Test
  void knowsFaultsThatAreYoungerThanTheLibrary() {
    MethodFault expired = new MethodFault();
    expired.setDynamicType("PasswordExpired");
    MethodFault strange = new MethodFault();
    strange.setDynamicType("FluxCapacitorFault");

    assertThat(translate(expired).fault()).isEqualTo(Fault.BAD_CREDENTIALS);
    assertThat(translate(strange))
        .satisfies(
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.UNEXPECTED);
              assertThat(fault.sentence()).contains("FluxCapacitorFault");
            });
  }

  @Test
  void tellsWhatWasNotSentFromWhatWasNotAnswered() {
    assertThat(translate(new NotSentException("b cannot be reached: refused", new IOException())))
        .satisfies(
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.SITE_UNREACHABLE);
              assertThat(fault.sentence())
                  .isEqualTo(
                      "Could not power on x: b cannot be reached: refused. Nothing was changed.");
            });
    assertThat(translate(new LostAnswerException("b has not answered", null)).sentence())
        .contains("Whether it was done is looked up");
    assertThat(translate(new UntrustedException("b is not believed", new IOException())).fault())
        .isEqualTo(Fault.CERTIFICATE_REFUSED);
  }

  private static FaultException translate(RemoteException e) {
    return VsphereFaults.translate("power on x", e);
  }

  private static ManagedObjectReference reference(String type, String id) {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType(type);
    reference.setVal(id);
    return reference;
  }
}
