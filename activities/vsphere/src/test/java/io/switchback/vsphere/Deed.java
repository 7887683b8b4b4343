package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** What the front does with a call that a test has chosen. */
sealed interface Deed {
  /** The call is passed on later. */
  record Delay(Duration by) implements Deed {}

  /** The call is passed on when the test says so. */
  record Hold(CountDownLatch until) implements Deed {}

  /** The connection is cut; vCenter hears nothing. */
  record CutBefore() implements Deed {}

  /** vCenter has done it, and the connection is cut before its answer. */
  record CutAfter() implements Deed {}

  /** vCenter hears nothing, and the answer is this. */
  record Answer(String content) implements Deed {}

  /** vCenter hears nothing, and the answer is a fault such as {@code NoPermission}. */
  record Refuse(String fault, String said, String content) implements Deed {}

  /** vCenter takes it, and its task fails with such a fault; the VM stays as it is. */
  record Fail(String fault, String said) implements Deed {}

  /** What is answered is written by the test, which may pass the call on. */
  record Say(Function<SoapServer.Request, SoapServer.Answer> answer) implements Deed {}

  /** The account lacks a privilege on an object. */
  static Deed noPermission(String privilege, String type, String object) {
    return new Refuse(
        "NoPermission",
        "Permission to perform this operation was denied.",
        "<object type=\"%s\">%s</object><privilegeId>%s</privilegeId>"
            .formatted(type, object, privilege));
  }

  /** The host of the VM does not answer vCenter. */
  static Deed hostNotConnected() {
    return new Refuse(
        "HostNotConnected",
        "Unable to communicate with the remote host, since it is disconnected.",
        "");
  }

  /** Another task of the VM is under way. */
  static Deed taskInProgress(String task) {
    return new Refuse(
        "TaskInProgress",
        "Another task is already in progress.",
        "<task type=\"Task\">%s</task>".formatted(task));
  }

  /** No host has what the VM needs. */
  static Deed insufficientResources() {
    return new Refuse(
        "InsufficientMemoryResourcesFault",
        "The host does not have sufficient memory resources.",
        "<unreserved>0</unreserved><requested>1073741824</requested>");
  }

  /** The datastore has no room. */
  static Deed noDiskSpace(String datastore) {
    return new Refuse(
        "NoDiskSpace",
        "Insufficient disk space on datastore '%s'.".formatted(datastore),
        "<file></file><datastore>%s</datastore>".formatted(datastore));
  }
}
