package io.switchback.vsphere.soap;

import java.rmi.RemoteException;
import org.jspecify.annotations.Nullable;

/**
 * The request was sent, and no answer came that can be read: whether the server has done what was
 * asked is not known.
 */
public final class LostAnswerException extends RemoteException {
  private static final long serialVersionUID = 1L;

  public LostAnswerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
