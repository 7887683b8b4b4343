package io.switchback.vsphere.soap;

import com.vmware.vim25.MethodFault;

/**
 * What a server says of a fault. vijava's fault classes take no message, so this is their cause,
 * which a {@code RemoteException} shows in its own message.
 */
public final class FaultString extends Exception {
  private static final long serialVersionUID = 1L;

  private FaultString(String said) {
    super(said, null, false, false);
  }

  /** The fault with what the server says of it. */
  public static <F extends MethodFault> F attach(F fault, String said) {
    fault.detail = new FaultString(said.strip());
    return fault;
  }

  /** The server's sentence for a fault; the fault's type when the server said nothing. */
  public static String of(MethodFault fault) {
    String said = fault.detail instanceof FaultString detail ? detail.getMessage() : null;
    return said == null || said.isBlank() ? typeOf(fault) : said;
  }

  /** The fault's type as the server calls it, also when vijava has no class for it. */
  @SuppressWarnings("NullAway") // a field that a server may leave out
  public static String typeOf(MethodFault fault) {
    return fault.dynamicType == null ? fault.getClass().getSimpleName() : fault.dynamicType;
  }
}
