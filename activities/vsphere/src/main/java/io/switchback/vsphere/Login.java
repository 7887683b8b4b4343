package io.switchback.vsphere;

/** An account of a vCenter. */
public record Login(String user, String password) {
  public Login {
    if (user.isBlank() || password.isEmpty()) {
      throw new IllegalArgumentException("login: it must have a user and a password");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "login of '" + user + "'";
  }
}
