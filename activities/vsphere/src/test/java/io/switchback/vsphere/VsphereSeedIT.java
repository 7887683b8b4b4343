package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.vsphere.soap.SoapServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Replicas that begin from files which lie on a datastore, and which their vCenter may not know.
 */
@ApiTier
class VsphereSeedIT {
  @AutoClose private final PlacementGround ground = new PlacementGround();

  @Test
  void registersASeedWhoseFilesLieOnADatastore() throws Exception {
    String path = ground.unregistered("old-web");

    Placed placed = ground.port.attempt(1).placeVm(ground.seeded(path));
    Placed again = ground.port.attempt(2).placeVm(ground.seeded(path));

    assertThat(placed.changed()).isTrue();
    assertThat(again).isEqualTo(new Placed(placed.vm(), List.of(), false, 2));
    assertThat(ground.judge().vms()).containsExactly("old-web");
    Judge.Vm registered = ground.judge().vm("old-web");
    assertThat(registered.instanceUuid()).isEqualTo(placed.vm().id());
    assertThat(registered.path()).isEqualTo(path);
    assertThat(registered.extraConfig())
        .containsEntry(Replicas.KEY, "web-01.7")
        .containsEntry("uuid.action", "keep");
  }

  @Test
  void registersItOnceWhenTheAnswerToThatIsLost() throws Exception {
    String path = ground.unregistered("old-web");
    ground.front().next("RegisterVM_Task", new Deed.CutAfter());

    Placed placed = ground.port.attempt(1).placeVm(ground.seeded(path));
    Placed again = ground.port.attempt(2).placeVm(ground.seeded(path));

    assertThat(again.vm()).isEqualTo(placed.vm());
    assertThat(ground.judge().tasks("Folder.registerVm")).isEqualTo(1);
    assertThat(ground.judge().vms()).containsExactly("old-web");
  }

  @Test
  void registersASeedAlsoWhereTheDatastoreCallsItsFolderOtherwise() throws Exception {
    String path = ground.unregistered("old-web");
    ground
        .front()
        .answer(
            "RetrievePropertiesEx",
            request -> {
              SoapServer.Answer answer = ground.front().pass(request);
              return new SoapServer.Answer(
                  answer.status(),
                  answer.headers(),
                  answer.body().replace(path, path.replace("] old-web/", "] 5f3c8e5a-0b17/")));
            });

    Placed placed = ground.port.call().placeVm(ground.seeded(path));

    assertThat(placed.vm().name()).isEqualTo("old-web");
    assertThat(ground.judge().vm("old-web").extraConfig()).containsEntry(Replicas.KEY, "web-01.7");
  }

  @Test
  void takesAVmThatIsRegisteredAlreadyByItsPath() throws Exception {
    VmRef there = ground.owner().make("old-web", 1, "");
    String path = ground.judge().vm("old-web").path();

    assertThat(ground.port.call().placeVm(ground.seeded(path)).vm()).isEqualTo(there);
    assertThat(ground.front().calls("RegisterVM_Task")).isZero();
  }

  @Test
  void saysThatTheSeedsFilesAreNotThere() {
    PlaceVm request = ground.seeded("[LocalDS_0] nobody/nobody.vmx");

    assertThatThrownBy(() -> ground.port.call().placeVm(request))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.VM_NOT_FOUND);
              assertThat(thrown.sentence()).contains("[LocalDS_0] nobody/nobody.vmx");
            });
    assertThat(ground.judge().vms()).isEmpty();
  }
}
