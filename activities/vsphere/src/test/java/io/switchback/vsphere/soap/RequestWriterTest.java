package io.switchback.vsphere.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.RetrieveOptions;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualE1000;
import com.vmware.vim25.ws.Argument;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.GregorianCalendar;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
  @Test
  void writesReferencesTextsAndLists() {
    ManagedObjectReference vm = new ManagedObjectReference();
    vm.setType("VirtualMachine");
    vm.setVal("vm-7");

    String written =
        write(
            new Argument("_this", "ManagedObjectReference", vm),
            new Argument("name", "String", "<a> & \"b\"\n"),
            new Argument("uuids", "String[]", new String[] {"1", "2"}),
            new Argument("host", "ManagedObjectReference", null));

    assertThat(written)
        .contains("<Do xmlns=\"urn:vim25\"><_this type=\"VirtualMachine\">vm-7</_this>")
        .contains("<name>&lt;a&gt; &amp; &quot;b&quot;&#10;</name>")
        .contains("<uuids>1</uuids><uuids>2</uuids></Do>");
  }

  @Test
  void writesFieldsOfAncestorsFirstAndTheTypeOfADescendant() {
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(VirtualDeviceConfigSpecOperation.edit);
    VirtualE1000 card = new VirtualE1000();
    card.setKey(4000);
    card.setMacAddress("00:50:56:00:00:01");
    change.setDevice(card);

    assertThat(write(new Argument("spec", "VirtualDeviceConfigSpec", change)))
        .contains(
            "<spec><operation>edit</operation><device xsi:type=\"VirtualE1000\"><key>4000</key>")
        .contains("<macAddress>00:50:56:00:00:01</macAddress></device></spec>");
  }

  @Test
  void writesTheTypeOfAnythingThatCouldBeAnything() {
    assertThat(write(new Argument("o", "OptionValue", option("text"))))
        .contains("<o><key>k</key><value xsi:type=\"xsd:string\">text</value></o>");
    assertThat(write(new Argument("o", "OptionValue", option(7L))))
        .contains("<value xsi:type=\"xsd:long\">7</value>");
    assertThat(
            write(
                new Argument(
                    "o",
                    "OptionValue",
                    option(
                        GregorianCalendar.from(
                            Instant.parse("2026-11-23T01:02:03Z").atZone(ZoneOffset.UTC))))))
        .contains("<value xsi:type=\"xsd:dateTime\">2026-11-23T01:02:03Z</value>");
  }

  @Test
  void refusesWhatXmlCannotHold() {
    assertThatThrownBy(() -> write(new Argument("name", "String", "a\u0000b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("U+0000");
  }

  @Test
  void refusesToSendBackWhatItHasReadOnlyInPart() {
    VirtualE1000 card = new VirtualE1000();
    card.setDynamicType("VirtualFancyCard");

    assertThatThrownBy(() -> write(new Argument("device", "VirtualDevice", card)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("VirtualFancyCard");
  }

  @Test
  void leavesOutWhatIsNotSaid() {
    RetrieveOptions options = new RetrieveOptions();

    assertThat(write(new Argument("options", "RetrieveOptions", options)))
        .contains("<options></options>");
  }

  private static OptionValue option(Object value) {
    OptionValue option = new OptionValue();
    option.setKey("k");
    option.setValue(value);
    return option;
  }

  private static String write(Argument... arguments) {
    return RequestWriter.write("urn:vim25", "Do", arguments);
  }
}
