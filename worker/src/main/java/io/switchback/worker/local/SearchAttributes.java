package io.switchback.worker.local;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.switchback.operation.Attributes;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Registers the search attributes that operations set. They must be there before the first run: an
 * operation that sets an unknown one would wait for ever.
 */
public final class SearchAttributes {
  private SearchAttributes() {}

  /** The arguments that make a dev server register them when it starts. */
  static List<String> devServerArguments() {
    List<String> arguments = new ArrayList<>();
    for (SearchAttributeKey<?> key : Attributes.ALL) {
      arguments.add("--search-attribute");
      arguments.add(key.getName() + "=" + typeOf(key));
    }
    return arguments;
  }

  /**
   * Registers them at {@code address}. Those that are there already stay.
   *
   * @throws Refusal if the server does not take one
   */
  public static void register(String address, String namespace) {
    OperatorServiceStubs stubs =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(address)
                .validateAndBuildWithDefaults());
    try {
      Attributes.ALL.forEach(key -> registerOne(stubs, namespace, key));
    } finally {
      stubs.shutdownNow();
    }
  }

  private static void registerOne(
      OperatorServiceStubs stubs, String namespace, SearchAttributeKey<?> key) {
    try {
      var _ =
          stubs
              .blockingStub()
              .addSearchAttributes(
                  AddSearchAttributesRequest.newBuilder()
                      .setNamespace(namespace)
                      .putSearchAttributes(key.getName(), key.getValueType())
                      .build());
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw Refusal.unreachable(
            "Could not register the search attribute '%s' in the namespace '%s': %s. Register it with `temporal operator search-attribute create --name %s --type %s`."
                .formatted(
                    key.getName(), namespace, refused.getStatus(), key.getName(), typeOf(key)),
            refused);
      }
    }
  }

  // The command line of Temporal writes Keyword where the protocol has INDEXED_VALUE_TYPE_KEYWORD.
  private static String typeOf(SearchAttributeKey<?> key) {
    return switch (key.getValueType()) {
      case INDEXED_VALUE_TYPE_KEYWORD -> "Keyword";
      case INDEXED_VALUE_TYPE_BOOL -> "Bool";
      case INDEXED_VALUE_TYPE_INT -> "Int";
      case INDEXED_VALUE_TYPE_DATETIME -> "Datetime";
      case INDEXED_VALUE_TYPE_KEYWORD_LIST -> "KeywordList";
      case INDEXED_VALUE_TYPE_TEXT -> "Text";
      case INDEXED_VALUE_TYPE_DOUBLE -> "Double";
      default -> throw new IllegalStateException("No type for " + key.getName());
    };
  }
}
