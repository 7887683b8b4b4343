package io.switchback.worker.local;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The search attributes that operations set. They must be registered before the first run: an
 * operation that sets an unknown one would wait for ever.
 */
public final class SearchAttributes {
  /** All are of the type Keyword, of which PostgreSQL has room for ten per namespace. */
  public static final List<String> KEYWORDS =
      List.of("DrPlan", "DrMode", "DrPhase", "DrSite", "DrState");

  private SearchAttributes() {}

  /** The arguments that make a dev server register them when it starts. */
  static List<String> devServerArguments() {
    List<String> arguments = new ArrayList<>();
    for (String name : KEYWORDS) {
      arguments.add("--search-attribute");
      arguments.add(name + "=Keyword");
    }
    return arguments;
  }

  /** Registers them at {@code address}. Those that are there already stay. */
  public static void register(String address, String namespace) {
    OperatorServiceStubs stubs =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder().setTarget(address).build());
    try {
      for (String name : KEYWORDS) {
        registerOne(stubs, namespace, name);
      }
    } finally {
      stubs.shutdownNow();
    }
  }

  private static void registerOne(OperatorServiceStubs stubs, String namespace, String name) {
    try {
      stubs
          .blockingStub()
          .addSearchAttributes(
              AddSearchAttributesRequest.newBuilder()
                  .setNamespace(namespace)
                  .putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                  .build());
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw Refusal.unreachable(
            "Could not register the search attribute '%s' in the namespace '%s': %s. Register it with `temporal operator search-attribute create --name %s --type Keyword`."
                .formatted(name, namespace, refused.getStatus(), name),
            refused);
      }
    }
  }
}
