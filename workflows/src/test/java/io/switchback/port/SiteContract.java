package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of a site's ports have in common. */
public abstract class SiteContract {
  static final String OPERATION = "0190c5d2-3f6a-7cc3-98c4-dc0c0c07398f";

  SiteFixture site;
  VmRef vm;

  /** A site of its own for one test. */
  protected abstract SiteFixture open() throws Exception;

  @BeforeEach
  final void openSite() throws Exception {
    site = open();
    vm = site.vm();
  }

  @AfterEach
  final void closeSite() {
    site.close();
  }

  static Mandate step(long number) {
    return new Mandate(OPERATION, "step " + number, new Fence(1, 7, number, 0));
  }

  static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).as(thrown.sentence()).isEqualTo(fault);
              assertThat(thrown.sentence()).isNotBlank();
            });
  }

  VmRef unknownVm() {
    return new VmRef(vm.site(), "vm-nobody-knows", "nobody");
  }

  /** How often each thing was done to the VM. */
  Map<SiteEffect, Long> effects() {
    return Arrays.stream(SiteEffect.values())
        .collect(Collectors.toMap(effect -> effect, effect -> site.effects(effect, vm)));
  }

  void write(String content) {
    site.disks(vm).forEach(disk -> site.write(vm, disk, 4096, bytes(content)));
  }

  /** What stands on each disk where {@link #write} writes. */
  List<String> content(int length) {
    return site.disks(vm).stream()
        .map(disk -> new String(site.read(vm, disk, 4096, length), ascii()))
        .toList();
  }

  private static byte[] bytes(String content) {
    return content.getBytes(ascii());
  }

  private static java.nio.charset.Charset ascii() {
    return java.nio.charset.StandardCharsets.US_ASCII;
  }
}
