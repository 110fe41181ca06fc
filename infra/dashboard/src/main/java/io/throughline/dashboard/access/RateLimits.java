package io.throughline.dashboard.access;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much one person may ask for. Thread-safe. */
public final class RateLimits {

    private static final int MOST_BUCKETS = 20_000;

    /** What is counted apart. */
    public enum Kind {
        /** Reading pages. */
        READ(600),
        /** Looking up people by what they are known by: what somebody would do who tries out numbers. */
        LOOK_UP(60),
        /** Acting on alerts. */
        ACT(120),
        /** Taking data away as files. */
        EXPORT(10);

        private final int perMinute;

        Kind(int perMinute) {
            this.perMinute = perMinute;
        }

        public int perMinute() {
            return perMinute;
        }
    }

    private record Key(String person, Kind kind) {}

    private final Map<Key, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bucket> eldest) {
            return size() > MOST_BUCKETS;
        }
    };

    /** Whether the person may do one more; counts it if so. */
    public boolean admits(Person person, Kind kind) {
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.computeIfAbsent(new Key(person.id(), kind), key -> Bucket.builder()
                    .addLimit(limit ->
                            limit.capacity(kind.perMinute()).refillGreedy(kind.perMinute(), Duration.ofMinutes(1)))
                    .build());
        }
        return bucket.tryConsume(1);
    }
}
