package io.switchback.vsphere.soap;

import java.rmi.RemoteException;

/** The request has not reached the server, or it was turned away unread: nothing was done. */
public class NotSentException extends RemoteException {
  private static final long serialVersionUID = 1L;

  public NotSentException(String message, Throwable cause) {
    super(message, cause);
  }

  public NotSentException(String message) {
    super(message);
  }
}
