package io.switchback.vsphere;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A test fixture: an appliance's devices, with what may happen to one while it is written. */
final class MeddledDevices extends BlockDevices {
  private final AtomicReference<Runnable> afterNextWrite = new AtomicReference<>(() -> {});
  private volatile Runnable afterFlush = () -> {};
  private volatile boolean isFull;

  MeddledDevices(Path folder) {
    super(folder);
  }

  /** Once, while all other batches wait. */
  void afterNextWrite(Runnable happening) {
    afterNextWrite.set(happening);
  }

  void afterFlush(Runnable happening) {
    afterFlush = happening;
  }

  void fill() {
    isFull = true;
  }

  @Override
  DiskSink sink(Path device, FenceCheck fence) throws IOException {
    return new Meddled(super.sink(device, fence));
  }

  private final class Meddled implements DiskSink {
    private final DiskSink sink;

    Meddled(DiskSink sink) {
      this.sink = sink;
    }

    @Override
    public synchronized void write(Batch batch) throws IOException {
      if (isFull) {
        throw new DiskFullException("No space left on device", new IOException("full"));
      }
      sink.write(batch);
      afterNextWrite.getAndSet(() -> {}).run();
    }

    @Override
    public void flush() throws IOException {
      sink.flush();
      afterFlush.run();
    }

    @Override
    public void giveBack(ByteRange zeros) throws IOException {
      sink.giveBack(zeros);
    }

    @Override
    public long capacityBytes() {
      return sink.capacityBytes();
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return sink.tags(key, level, ranges);
    }

    @Override
    public Optional<DiskSource> near() {
      return sink.near();
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }
}
