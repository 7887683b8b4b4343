package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotAuthenticated;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.RestClient;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Tags that people have put on objects of a vCenter. They are behind an API of their own, with a
 * session of its own, which begins when tags are asked for.
 */
final class Tags implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tags.class);
  private static final String SESSION = "/rest/com/vmware/cis/session";
  private static final String TAG = "/rest/com/vmware/cis/tagging/tag/id:";
  private static final String OF_OBJECTS =
      "/rest/com/vmware/cis/tagging/tag-association?~action=list-attached-tags-on-objects";
  private static final String SESSION_ID = "vmware-api-session-id";
  private static final int AT_ONCE = 500;

  private final RestClient rest;
  private final Supplier<Login> login;
  private @Nullable String session;

  Tags(RestClient rest, Supplier<Login> login) {
    this.rest = rest;
    this.login = login;
  }

  private interface Call<T> {
    T with(Map<String, String> session) throws RemoteException;
  }

  /** The tags' names in their order, by the object's id; objects without tags are left out. */
  synchronized Map<String, List<String>> of(List<ManagedObjectReference> objects)
      throws RemoteException {
    Map<String, List<String>> ids = new HashMap<>();
    for (int from = 0; from < objects.size(); from += AT_ONCE) {
      var some = objects.subList(from, Math.min(objects.size(), from + AT_ONCE));
      ids.putAll(inSession(headers -> idsOf(some, headers)));
    }
    Map<String, Optional<String>> names = new HashMap<>();
    Map<String, List<String>> tags = new HashMap<>();
    for (Map.Entry<String, List<String>> entry : ids.entrySet()) {
      List<String> own = new ArrayList<>();
      for (String id : entry.getValue()) {
        Optional<String> name = names.get(id);
        if (name == null) {
          name = inSession(headers -> name(id, headers));
          names.put(id, name);
        }
        name.ifPresent(own::add);
      }
      tags.put(entry.getKey(), own.stream().sorted().toList());
    }
    return tags;
  }

  private Map<String, List<String>> idsOf(
      List<ManagedObjectReference> objects, Map<String, String> headers) throws RemoteException {
    List<Map<String, String>> asked =
        objects.stream()
            .map(object -> Map.of("id", object.getVal(), "type", object.getType()))
            .toList();
    Map<String, List<String>> ids = new HashMap<>();
    for (JsonNode one :
        rest.post(OF_OBJECTS, Map.of("object_ids", asked), headers).stream()
            .flatMap(JsonNode::valueStream)
            .toList()) {
      List<String> tags = one.path("tag_ids").valueStream().map(JsonNode::asString).toList();
      if (!tags.isEmpty()) {
        ids.put(one.path("object_id").path("id").asString(), tags);
      }
    }
    return ids;
  }

  /** Empty when somebody has deleted the tag since. */
  private Optional<String> name(String id, Map<String, String> headers) throws RemoteException {
    return rest.get(TAG + id, headers).map(tag -> tag.path("name").asString());
  }

  private <T> T inSession(Call<T> call) throws RemoteException {
    if (session != null) {
      try {
        return call.with(Map.of(SESSION_ID, session));
      } catch (NotAuthenticated expired) {
        session = null;
      }
    }
    String begun = begin();
    session = begun;
    return call.with(Map.of(SESSION_ID, begun));
  }

  private String begin() throws RemoteException {
    Login account = login.get();
    String basic =
        Base64.getEncoder()
            .encodeToString(
                (account.user() + ":" + account.password()).getBytes(StandardCharsets.UTF_8));
    try {
      return rest.post(SESSION, null, Map.of("Authorization", "Basic " + basic))
          .map(JsonNode::asString)
          .orElseThrow(Tags::tooOld);
    } catch (NotAuthenticated wrong) {
      throw new FaultException(
          Fault.BAD_CREDENTIALS,
          "Could not read tags: vCenter does not take '%s' there. Put the site's credential right, then retry the step."
              .formatted(account.user()),
          wrong);
    }
  }

  private static FaultException tooOld() {
    return new FaultException(
        Fault.OTHER_PROTOCOL,
        "Could not read tags: this vCenter has no API for them. Use vCenter 6.5 or newer.");
  }

  @Override
  public synchronized void close() {
    if (session == null) {
      return;
    }
    try {
      rest.delete(SESSION, Map.of(SESSION_ID, session));
    } catch (RemoteException e) {
      LOG.warn("could not end the session for tags because={}", e.toString());
    }
    session = null;
  }
}
