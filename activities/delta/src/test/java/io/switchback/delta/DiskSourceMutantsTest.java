package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources that break one promise each. The contract suite has to see it, at that promise. */
class DiskSourceMutantsTest {
  private static UnaryOperator<DiskSource> mutation = UnaryOperator.identity();

  @Test
  void aSourceThatKeepsItsPromisesPasses() {
    mutation = UnaryOperator.identity();
    ContractRun run = ContractRun.of(Suite.class);
    assertThat(run.broken()).isEmpty();
    assertThat(run.kept()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @EnumSource
  void theSuiteSeesABrokenPromise(Mutant mutant) {
    mutation = mutant::of;
    assertThat(ContractRun.of(Suite.class).broken()).contains(mutant.promise);
  }

  @Test
  void everyPromiseHasItsMutant() {
    mutation = UnaryOperator.identity();
    Set<String> mutated = new HashSet<>();
    for (Mutant mutant : Mutant.values()) {
      mutated.add(mutant.promise);
    }
    assertThat(ContractRun.of(Suite.class).kept()).isSubsetOf(mutated);
  }

  static final class Suite extends DiskSourceContract {
    private MemoryDisk disk;

    @Override
    protected DiskSource open(byte[] content) {
      disk = new MemoryDisk(content);
      Live live = new Live(disk);
      return mutation.apply(live);
    }

    @Override
    protected void writeToLiveDisk(long offsetBytes, byte[] bytes) {
      disk.write(offsetBytes, ByteBuffer.wrap(bytes));
    }
  }

  /** A correct source that lets mutants see the live disk. */
  private static class Live extends MemoryDisk.Source {
    final MemoryDisk disk;

    Live(MemoryDisk disk) {
      super(disk.bytes());
      this.disk = disk;
    }
  }

  private abstract static class Changed extends ForwardingSource {
    final Live correct;

    Changed(DiskSource correct) {
      super(correct);
      this.correct = (Live) correct;
    }

    @Override
    public void close() throws IOException {}
  }

  enum Mutant {
    SIZE_ROUNDED_TO_LEAVES("saysTheSizeOfTheDisk") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public long capacityBytes() {
            return correct.capacityBytes() / Geometry.LEAF_BYTES * Geometry.LEAF_BYTES;
          }
        };
      }
    },
    ONE_BYTE_WRONG("readsWhatTheDiskHolds") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct,
            (live, offset, into) -> {
              int at = into.position();
              live.read(offset, into);
              if (offset == 0 && into.limit() > at + 101) {
                into.put(at + 101, (byte) (into.get(at + 101) + 1));
              }
            });
      }
    },
    OFFSET_ROUNDED_TO_SECTORS("readsFromAnyOffset") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct, (live, offset, into) -> live.read(offset < 0 ? offset : offset & -512, into));
      }
    },
    BUFFER_FILLED_FROM_ITS_START("fillsTheBufferFromItsPositionToItsLimit") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct,
            (live, offset, into) -> {
              int length = into.remaining();
              live.read(offset, into.duplicate().position(0).limit(length));
              into.position(into.limit());
            });
      }
    },
    ARRAYS_ONLY("fillsDirectBuffersToo") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct,
            (live, offset, into) -> {
              if (!into.hasArray()) {
                throw new UnsupportedOperationException();
              }
              live.read(offset, into);
            });
      }
    },
    HOLES_LEFT_AS_THE_BUFFER_WAS("bytesNeverWrittenAreZero") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct,
            (live, offset, into) -> {
              if (offset >= 0
                  && into.hasRemaining()
                  && offset + into.remaining() <= live.capacityBytes()
                  && live.allocated(new ByteRange(offset, into.remaining())).isEmpty()) {
                into.position(into.limit());
              } else {
                live.read(offset, into);
              }
            });
      }
    },
    STALE_READ("theSameBytesComeEachTime") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          private int reads;

          @Override
          public void read(long offsetBytes, ByteBuffer into) throws IOException {
            int first = into.position();
            super.read(offsetBytes, into);
            if (reads++ > 0) {
              into.put(first, (byte) (into.get(first) + 1));
            }
          }
        };
      }
    },
    LIVE_DISK_INSTEAD_OF_ITS_MOMENT("theSameBytesComeWhateverIsWrittenToTheLiveDisk") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(correct, (live, offset, into) -> live.disk.source().read(offset, into));
      }
    },
    SHORT_READ_AT_THE_END("refusesToReadBeyondTheEndAndReadsNothing") {
      @Override
      DiskSource of(DiskSource correct) {
        return reading(
            correct,
            (live, offset, into) -> {
              long rest = live.capacityBytes() - offset;
              if (offset >= 0 && rest < into.remaining()) {
                into.limit(into.position() + (int) rest);
              }
              live.read(offset, into);
            });
      }
    },
    DATA_REPORTED_AS_HOLE("allocatedLeavesNoDataOut") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public List<ByteRange> allocated(ByteRange within) throws IOException {
            List<ByteRange> all = super.allocated(within);
            return all.subList(0, Math.max(0, all.size() - 1));
          }
        };
      }
    },
    ALLOCATED_NOT_CLIPPED("allocatedAscendsApartAndInsideWhatWasAsked") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public List<ByteRange> allocated(ByteRange within) throws IOException {
            super.allocated(within);
            return super.allocated(new ByteRange(0, capacityBytes()));
          }
        };
      }
    },
    ALLOCATED_IN_ANY_ORDER("allocatedAscendsApartAndInsideWhatWasAsked") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public List<ByteRange> allocated(ByteRange within) throws IOException {
            return super.allocated(within).reversed();
          }
        };
      }
    },
    ALLOCATED_BEYOND_THE_END("refusesToSayWhatIsAllocatedBeyondTheEnd") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public List<ByteRange> allocated(ByteRange within) throws IOException {
            ByteRange all = new ByteRange(0, capacityBytes());
            return super.allocated(all.intersection(within).orElse(all));
          }
        };
      }
    },
    ONE_KEY_FOR_ALL("tagsAreOfWhatTheDiskHolds") {
      @Override
      DiskSource of(DiskSource correct) {
        return tagging(correct, (live, key, level, ranges) -> live.tags(FIRST_KEY, level, ranges));
      }
    },
    LEAVES_ON_EVERY_LEVEL("tagsAreOfWhatTheDiskHolds") {
      @Override
      DiskSource of(DiskSource correct) {
        return tagging(
            correct, (live, key, level, ranges) -> live.tags(key, TagLevel.LEAF, ranges));
      }
    },
    TAGS_SORTED("tagsComeInTheOrderAsked") {
      @Override
      DiskSource of(DiskSource correct) {
        return tagging(
            correct,
            (live, key, level, ranges) ->
                live.tags(
                    key,
                    level,
                    ranges.stream()
                        .sorted(Comparator.comparingLong(ByteRange::offsetBytes))
                        .toList()));
      }
    },
    TAGS_OF_ANY_RANGE("refusesTagsOfWhatIsNotUnitsOfTheDisk") {
      @Override
      DiskSource of(DiskSource correct) {
        return tagging(
            correct,
            (live, key, level, ranges) -> {
              try {
                return live.tags(key, level, ranges);
              } catch (IllegalArgumentException ignored) {
                return new byte[0];
              }
            });
      }
    },
    TAGS_COUNTED_AS_READ("tellsHowMuchWasReadForTags") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          @Override
          public long taggedBytes() {
            return capacityBytes();
          }
        };
      }
    },
    BOUND_TO_A_THREAD("severalThreadsMayReadAtOnce") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          private Thread first;

          @Override
          public synchronized void read(long offsetBytes, ByteBuffer into) throws IOException {
            first = first == null ? Thread.currentThread() : first;
            super.read(first.equals(Thread.currentThread()) ? offsetBytes : 0, into);
          }
        };
      }
    },
    CLOSES_ONLY_ONCE("closingAgainDoesNothing") {
      @Override
      DiskSource of(DiskSource correct) {
        return new Changed(correct) {
          private boolean closed;

          @Override
          public void close() throws IOException {
            if (closed) {
              throw new IOException("closed");
            }
            closed = true;
          }
        };
      }
    };

    private static final TagKey FIRST_KEY = DocumentedTags.GMAC;

    final String promise;

    Mutant(String promise) {
      this.promise = promise;
    }

    abstract DiskSource of(DiskSource correct);

    private interface Tagging {
      byte[] tags(Live live, TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException;
    }

    private static DiskSource tagging(DiskSource correct, Tagging tagging) {
      return new Changed(correct) {
        @Override
        public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
          return tagging.tags(this.correct, key, level, ranges);
        }
      };
    }

    private interface Reading {
      void read(Live live, long offsetBytes, ByteBuffer into) throws IOException;
    }

    private static DiskSource reading(DiskSource correct, Reading reading) {
      return new Changed(correct) {
        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
          reading.read(this.correct, offsetBytes, into);
        }
      };
    }
  }
}
