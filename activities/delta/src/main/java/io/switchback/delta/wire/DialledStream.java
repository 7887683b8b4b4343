package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.TrustException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream at the side that dials: questions go out under a credit, answers come in any order.
 * May be used by several threads at once.
 */
final class DialledStream implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DialledStream.class);
  private static final int WELCOME_LIMIT_MILLIS = 30_000;

  /** Some answers at once: they come in packs. */
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Socket socket;
  private final WireSettings settings;
  private final WireCounts counts = new WireCounts();
  private final FrameReader reader;
  private final FrameWriter writer;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, Answer> open = new ConcurrentHashMap<>();
  private final Semaphore credit = new Semaphore(0, true);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable IOException broken;

  /** For questions for tags, which depend on the key that was told last. */
  private final Object asking = new Object();

  private @Nullable TagKey told;

  DialledStream(Socket socket, WireSettings settings) throws IOException {
    this.socket = socket;
    this.settings = settings;
    this.reader =
        new FrameReader(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES), counts);
    this.writer = new FrameWriter(socket.getOutputStream(), counts);
  }

  /**
   * An answer that was asked for.
   *
   * @param cost of the credit, until somebody takes the answer
   */
  record Answer(
      int id, FrameKind kind, int mostBytes, int cost, CompletableFuture<byte[]> payload) {}

  WireCounts counts() {
    return counts;
  }

  Welcome greet(Hello hello) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(
        Math.toIntExact(Math.min(WELCOME_LIMIT_MILLIS, settings.answerLimit().toMillis())));
    writer.write(FrameKind.HELLO, 0, hello.encode());
    Frame first =
        reader
            .next(DialledStream::welcomeLimit)
            .orElseThrow(
                () ->
                    new IOException(
                        "The worker at %s hung up on the hello. Look into its log."
                            .formatted(socket.getRemoteSocketAddress())));
    if (first.kind() == FrameKind.REFUSAL) {
      throw Requests.refusalOf(first.payload());
    }
    Welcome welcome = Welcome.decode(first.payload()).withCreditOfAtMost(settings.creditBytes());
    credit.release(welcome.creditBytes());
    // From here on each question has its own limit; a stream may be silent between two of them.
    socket.setSoTimeout(0);
    Thread.ofPlatform().daemon().name("remote-disk").start(this::receive);
    return welcome;
  }

  /**
   * Looks again and again whether the peer is to be believed still, and breaks the stream off when
   * it is not.
   */
  void keepChecking(Handshake.Trust trust, Duration recheck) {
    Thread.ofVirtual()
        .name("recheck-peer")
        .start(
            () -> {
              while (isOpenAfter(recheck) && isStillBelieved(trust)) {}
            });
  }

  private boolean isOpenAfter(Duration recheck) {
    try {
      return !ended.await(recheck.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException leaving) {
      return false;
    }
  }

  private boolean isStillBelieved(Handshake.Trust trust) {
    try {
      trust.check();
    } catch (PeerRefusedException refused) {
      LOG.warn("stream cut peer={} why={}", socket.getRemoteSocketAddress(), refused.getMessage());
      breakOff(refused);
      return false;
    } catch (TrustException untold) {
      // Files that are being replaced just now say nothing about the peer.
      LOG.warn("whether a peer is to be believed still cannot be told", untold);
    } catch (RuntimeException bug) {
      LOG.error("a peer could not be checked again", bug);
    }
    return true;
  }

  private static int welcomeLimit(FrameKind kind, int id) throws ProtocolException {
    return switch (kind) {
      case WELCOME -> Welcome.MOST_BYTES;
      case REFUSAL -> Requests.MOST_REFUSAL_BYTES;
      default -> throw new ProtocolException("it answers the hello with a " + kind);
    };
  }

  /** Asks for data when the credit lasts without waiting for it; else does nothing. */
  @Nullable Answer askIfCreditLasts(ByteRange read) {
    if (broken != null || !credit.tryAcquire((int) read.lengthBytes())) {
      return null;
    }
    try {
      return send(read);
    } catch (IOException failed) {
      breakOff(failed);
      return null;
    }
  }

  Answer ask(ByteRange read) throws IOException {
    acquire((int) read.lengthBytes());
    return send(read);
  }

  private Answer send(ByteRange read) throws IOException {
    int length = (int) read.lengthBytes();
    return send(
        FrameKind.READ, Requests.range(read), FrameKind.DATA, LeafCodec.mostBytes(length), length);
  }

  /**
   * @param mostBytes of the answer, which it costs of the credit
   */
  Answer ask(FrameKind kind, byte[] payload, FrameKind answerKind, int mostBytes)
      throws IOException {
    acquire(mostBytes);
    return send(kind, payload, answerKind, mostBytes, mostBytes);
  }

  /** Asks for tags with {@code key}, which is told when the question before had another. */
  Answer ask(TagKey key, Requests.Tags tags) throws IOException {
    acquire(tags.answerBytes());
    synchronized (asking) {
      if (told == null || !key.equals(told)) {
        write(FrameKind.KEY, 0, Requests.key(key));
        told = key;
      }
      return send(
          FrameKind.TAGS,
          Requests.tags(tags),
          FrameKind.TAGS_ANSWER,
          tags.answerBytes(),
          tags.answerBytes());
    }
  }

  private void acquire(int bytes) throws IOException {
    try {
      if (!credit.tryAcquire(bytes, settings.answerLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        throw silent();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the other worker.", interrupted);
    }
  }

  private Answer send(FrameKind kind, byte[] payload, FrameKind answerKind, int mostBytes, int cost)
      throws IOException {
    Answer answer =
        new Answer(
            lastId.incrementAndGet(), answerKind, mostBytes, cost, new CompletableFuture<>());
    open.put(answer.id(), answer);
    IOException why = broken;
    if (why != null) {
      throw isClear(why) ? why : new IOException(why.getMessage(), why);
    }
    write(kind, answer.id(), payload);
    return answer;
  }

  private void write(FrameKind kind, int id, byte[] payload) throws IOException {
    try {
      writer.write(kind, id, payload);
    } catch (IOException failed) {
      breakOff(failed);
      throw failed;
    }
  }

  /** Waits for the answer, which gives its credit back. */
  byte[] await(Answer answer) throws IOException {
    try {
      return answer.payload().get(settings.answerLimit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      IOException why = silent();
      breakOff(why);
      throw why;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the other worker.", interrupted);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException why && isClear(why)) {
        throw why;
      }
      throw new IOException(
          "The stream with the other worker broke: %s. Retry."
              .formatted(failed.getCause() == null ? failed : failed.getCause().getMessage()),
          failed);
    } finally {
      credit.release(answer.cost());
    }
  }

  /** Whether it says itself what is to be done. */
  private static boolean isClear(IOException why) {
    return why instanceof RefusedException || why instanceof PeerRefusedException;
  }

  private IOException silent() {
    return new IOException(
        "The worker at %s has not answered for %s. Look whether it runs, then retry."
            .formatted(socket.getRemoteSocketAddress(), settings.answerLimit()));
  }

  private void receive() {
    try {
      while (true) {
        Optional<Frame> next = reader.next(this::limit);
        if (next.isEmpty()) {
          throw new IOException("The other worker hung up.");
        }
        take(next.get());
      }
    } catch (IOException | RuntimeException ended) {
      breakOff(ended instanceof IOException io ? io : new IOException(ended));
    }
  }

  private int limit(FrameKind kind, int id) throws ProtocolException {
    Answer answer = open.get(id);
    if (kind == FrameKind.REFUSAL && (id == 0 || answer != null)) {
      return Requests.MOST_REFUSAL_BYTES;
    }
    if (answer == null || answer.kind() != kind) {
      throw new ProtocolException("a %s comes that nobody asked for".formatted(kind));
    }
    return answer.mostBytes();
  }

  private void take(Frame frame) throws IOException {
    if (frame.kind() == FrameKind.REFUSAL && frame.id() == 0) {
      throw Requests.refusalOf(frame.payload());
    }
    Answer answer = open.remove(frame.id());
    if (answer == null) {
      throw new ProtocolException("one question is answered twice");
    }
    if (frame.kind() == FrameKind.REFUSAL) {
      answer.payload().completeExceptionally(Requests.refusalOf(frame.payload()));
    } else {
      answer.payload().complete(frame.payload());
    }
  }

  /** Ends the stream; whoever waits, and whoever asks later, learns why. */
  void breakOff(IOException why) {
    IOException first = first(why);
    close();
    open.values().forEach(answer -> answer.payload().completeExceptionally(first));
    open.clear();
  }

  /** Whoever closes the stream makes its reader fail too, which is no reason. */
  private synchronized IOException first(IOException why) {
    IOException earlier = broken;
    if (earlier == null) {
      broken = why;
    }
    return earlier == null ? why : earlier;
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is closed as far as this end is concerned.
    }
  }
}
