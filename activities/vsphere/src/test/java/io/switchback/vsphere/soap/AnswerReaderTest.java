package io.switchback.vsphere.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ArrayOfVirtualDevice;
import com.vmware.vim25.InvalidLogin;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.ObjectContent;
import com.vmware.vim25.RetrieveResult;
import com.vmware.vim25.UserSession;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachinePowerState;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Calendar;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerReaderTest {
  @Test
  void readsASessionWithItsTimes() throws Exception {
    UserSession session =
        (UserSession)
            read(
                Answer.of(
                    "Login",
                    """
                    <returnval><key>52a1</key><userName>VSPHERE.LOCAL\\dr</userName>
                    <fullName>a &amp; b</fullName><loginTime>2026-11-23T01:02:03.456Z</loginTime>
                    <lastActiveTime>2026-11-23T03:02:03+02:00</lastActiveTime>
                    <locale>en</locale><messageLocale>en</messageLocale>
                    <extensionSession>false</extensionSession></returnval>
                    """),
                "UserSession");

    assertThat(session.getKey()).isEqualTo("52a1");
    assertThat(session.getFullName()).isEqualTo("a & b");
    assertThat(session.getLoginTime().toInstant())
        .isEqualTo(Instant.parse("2026-11-23T01:02:03.456Z"));
    assertThat(session.getLastActiveTime().toInstant())
        .isEqualTo(Instant.parse("2026-11-23T01:02:03Z"));
    assertThat(session.getExtensionSession()).isFalse();
  }

  @Test
  void passesOverFieldsThatItDoesNotKnow() throws Exception {
    UserSession session =
        (UserSession)
            read(
                Answer.of(
                    "Login",
                    """
                    <returnval><invented><key>no</key><deep>er</deep></invented><key>52a1</key>
                    <more>1</more></returnval>
                    """),
                "UserSession");

    assertThat(session.getKey()).isEqualTo("52a1");
  }

  @Test
  void readsAReferenceByItsOwnTypeWhereverTheSchemaTypeStands() throws Exception {
    RetrieveResult result =
        retrieved(
            """
        <propSet><name>a</name>
         <val xsi:type="ManagedObjectReference" type="Folder">group-v3</val></propSet>
        <propSet><name>b</name>
         <val type="HostSystem" xsi:type="ManagedObjectReference">host-9</val></propSet>
        """);

    ObjectContent object = result.getObjects()[0];
    assertThat(object.getObj().getType()).isEqualTo("VirtualMachine");
    assertReference(object.getPropSet()[0].getVal(), "Folder", "group-v3");
    assertReference(object.getPropSet()[1].getVal(), "HostSystem", "host-9");
  }

  private static void assertReference(Object value, String type, String id) {
    assertThat(value)
        .isInstanceOfSatisfying(
            ManagedObjectReference.class,
            reference -> {
              assertThat(reference.getType()).isEqualTo(type);
              assertThat(reference.getVal()).isEqualTo(id);
            });
  }

  @Test
  void readsUntypedPropertiesByTheirSchemaType() throws Exception {
    RetrieveResult result =
        retrieved(
            """
        <propSet><name>a</name><val xsi:type="xsd:int">7</val></propSet>
        <propSet><name>b</name><val xsi:type="xsd:boolean">1</val></propSet>
        <propSet><name>c</name><val xsi:type="xsd:dateTime">2026-11-23T01:02:03Z</val></propSet>
        <propSet><name>d</name><val xsi:type="VirtualMachinePowerState">suspended</val></propSet>
        <propSet><name>e</name><val xsi:type="xsd:string"> as it is </val></propSet>
        """);

    var properties = result.getObjects()[0].getPropSet();
    assertThat(properties[0].getVal()).isEqualTo(7);
    assertThat(properties[1].getVal()).isEqualTo(true);
    assertThat(properties[2].getVal())
        .isInstanceOfSatisfying(
            Calendar.class,
            time -> assertThat(time.toInstant()).isEqualTo(Instant.parse("2026-11-23T01:02:03Z")));
    assertThat(properties[3].getVal()).isEqualTo(VirtualMachinePowerState.suspended);
    assertThat(properties[4].getVal()).isEqualTo(" as it is ");
  }

  @Test
  void readsATypeThatItDoesNotKnowAsTheDeclaredOneAndNamesIt() throws Exception {
    RetrieveResult result =
        retrieved(
            """
        <propSet><name>config.hardware.device</name><val xsi:type="ArrayOfVirtualDevice">
         <VirtualDevice xsi:type="VirtualTPM"><key>11000</key><endorsementKey>x</endorsementKey>
         </VirtualDevice>
         <VirtualDevice xsi:type="VirtualDisk"><key>2000</key><capacityInKB>1024</capacityInKB>
         </VirtualDevice></val></propSet>
        """);

    ArrayOfVirtualDevice devices =
        (ArrayOfVirtualDevice) result.getObjects()[0].getPropSet()[0].getVal();
    assertThat(devices.getVirtualDevice()[0])
        .returns(11000, device -> device.getKey())
        .returns("VirtualTPM", device -> device.getDynamicType());
    assertThat(devices.getVirtualDevice()[1])
        .isInstanceOfSatisfying(
            VirtualDisk.class, disk -> assertThat(disk.getCapacityInKB()).isEqualTo(1024));
    assertThat(devices.getVirtualDevice()[1].getDynamicType()).isNull();
  }

  @Test
  void leavesOutAValueThatAnEnumerationDoesNotHave() throws Exception {
    RetrieveResult result =
        retrieved(
            """
        <propSet><name>a</name><val xsi:type="VirtualMachinePowerState">dreaming</val></propSet>
        <propSet><name>b</name><val xsi:type="ArrayOfInvention"><x>1</x></val></propSet>
        """);

    assertThat(result.getObjects()[0].getPropSet()[0].getVal()).isNull();
    assertThat(result.getObjects()[0].getPropSet()[1].getVal()).isNull();
  }

  @Test
  void makesNothingOfAClassThatHoldsNoData() throws Exception {
    RetrieveResult result =
        retrieved("<propSet><name>a</name><val xsi:type=\"VimPortType\">x</val></propSet>");

    assertThat(result.getObjects()[0].getPropSet()[0].getVal()).isNull();
  }

  @Test
  void throwsTheFaultThatTheServerNames() {
    assertThatThrownBy(
            () -> read(Answer.fault("InvalidLogin", "Cannot complete login.", ""), "UserSession"))
        .isInstanceOfSatisfying(
            InvalidLogin.class,
            fault -> assertThat(FaultString.of(fault)).isEqualTo("Cannot complete login."))
        .hasMessageContaining("Cannot complete login.");
  }

  @Test
  void keepsWhatAFaultSays() {
    assertThatThrownBy(
            () ->
                read(
                    Answer.fault(
                        "NoPermission",
                        "Permission to perform this operation was denied.",
                        """
                        <object type="Folder">group-v3</object>
                        <privilegeId>VirtualMachine.Interact.PowerOn</privilegeId>
                        """),
                    null))
        .isInstanceOfSatisfying(
            NoPermission.class,
            fault -> {
              assertThat(fault.getPrivilegeId()).isEqualTo("VirtualMachine.Interact.PowerOn");
              assertReference(fault.getObject(), "Folder", "group-v3");
            });
  }

  @Test
  void namesAFaultThatItDoesNotKnow() {
    assertThatThrownBy(() -> read(Answer.fault("Invented", "New trouble.", "<x>1</x>"), null))
        .isInstanceOfSatisfying(
            MethodFault.class,
            fault -> {
              assertThat(FaultString.typeOf(fault)).isEqualTo("Invented");
              assertThat(FaultString.of(fault)).isEqualTo("New trouble.");
            });
  }

  @Test
  void refusesADocumentType(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "swordfish");
    String body =
        Answer.of("Login", "<returnval><key>&leak;</key></returnval>")
            .body()
            .replace(
                "?>", "?><!DOCTYPE a [<!ENTITY leak SYSTEM \"%s\">]>".formatted(secret.toUri()));

    assertThatThrownBy(() -> read(body, "UserSession"))
        .isInstanceOf(XMLStreamException.class)
        .hasMessageNotContaining("swordfish");
    assertThatThrownBy(
            () ->
                read(
                    Answer.of("Login", "").body().replace("?>", "?><!DOCTYPE soapenv>"),
                    "UserSession"))
        .isInstanceOf(XMLStreamException.class);
  }

  @Test
  void saysThatAnAnswerIsCutOff() {
    String whole = Answer.of("Login", "<returnval><key>1</key></returnval>").body();

    assertThatThrownBy(() -> read(whole.substring(0, whole.indexOf("</key>")), "UserSession"))
        .isInstanceOf(XMLStreamException.class);
    assertThatThrownBy(() -> read("<html><body>no</body></html>", "UserSession"))
        .isInstanceOf(XMLStreamException.class);
  }

  @Test
  void answersNothingWhenNothingIsReturned() throws Exception {
    assertThat(read(Answer.of("Logout", ""), null)).isNull();
    assertThat(read(Answer.of("FindByUuid", ""), "ManagedObjectReference")).isNull();
  }

  private static RetrieveResult retrieved(String properties) throws Exception {
    return (RetrieveResult)
        read(
            Answer.of(
                "RetrievePropertiesEx",
                """
                <returnval><objects><obj type="VirtualMachine">vm-7</obj>%s</objects></returnval>
                """
                    .formatted(properties)),
            "RetrieveResult");
  }

  private static Object read(Answer answer, String type) throws Exception {
    return read(answer.body(), type);
  }

  private static Object read(String xml, String type) throws Exception {
    return AnswerReader.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), type);
  }
}
