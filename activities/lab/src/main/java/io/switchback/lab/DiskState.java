package io.switchback.lab;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A disk's layers as stored; guests and transfers write the top one.
 *
 * @param lineage another one whenever the present state is replaced by other bytes as a whole;
 *     writes, snapshots and the merging of layers keep it
 */
record DiskState(long capacityBytes, String top, List<LayerState> layers, String lineage) {
  DiskState {
    layers = List.copyOf(layers);
    // It was not stored by earlier builds.
    lineage = Objects.requireNonNullElse(lineage, "first");
  }

  static String newLayerId() {
    return "layer-" + UUID.randomUUID();
  }

  private static String newLineage() {
    return "lineage-" + UUID.randomUUID();
  }

  /** A new disk that holds nothing. */
  static DiskState blank(long capacityBytes) {
    String top = newLayerId();
    return new DiskState(capacityBytes, top, List.of(new LayerState(top, null)), newLineage());
  }

  /** With a new, empty top layer over {@code parent}. */
  DiskState over(String parent, String newTop) {
    return new DiskState(
        capacityBytes,
        newTop,
        java.util.stream.Stream.concat(
                layers.stream(), java.util.stream.Stream.of(new LayerState(newTop, parent)))
            .toList(),
        lineage);
  }

  /** With an empty top layer in the place of the present one, whose bytes are to be thrown away. */
  DiskState emptied(String newTop) {
    List<LayerState> left =
        layers.stream()
            .map(one -> one.id().equals(top) ? new LayerState(newTop, one.parent()) : one)
            .toList();
    return new DiskState(capacityBytes, newTop, left, newLineage());
  }

  /** Over the layer of a snapshot, as large as it was then; the present bytes are thrown away. */
  DiskState reverted(String layer, long thenBytes, String newTop) {
    return without(top).over(layer, newTop).resized(thenBytes);
  }

  DiskState resized(long newCapacityBytes) {
    return new DiskState(newCapacityBytes, top, layers, newLineage());
  }

  DiskState without(String layer) {
    return new DiskState(
        capacityBytes,
        top,
        layers.stream().filter(one -> !one.id().equals(layer)).toList(),
        lineage);
  }

  /**
   * With {@code child} gone: {@code parent}, into which its grains were copied, stands in its
   * place.
   */
  DiskState merged(String child, String parent) {
    List<LayerState> left =
        layers.stream()
            .filter(one -> !one.id().equals(child))
            .map(one -> child.equals(one.parent()) ? new LayerState(one.id(), parent) : one)
            .toList();
    return new DiskState(capacityBytes, top.equals(child) ? parent : top, left, lineage);
  }

  List<String> childrenOf(String layer) {
    return layers.stream().filter(one -> layer.equals(one.parent())).map(LayerState::id).toList();
  }

  @Nullable String parentOf(String layer) {
    return layers.stream()
        .filter(one -> one.id().equals(layer))
        .findFirst()
        .map(LayerState::parent)
        .orElse(null);
  }
}
