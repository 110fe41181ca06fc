package io.throughline.delivery;

import static io.throughline.delivery.Notifications.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.delivery.Answer.Delivered;
import io.throughline.delivery.Answer.Refused;
import io.throughline.delivery.Answer.TryLater;
import io.throughline.delivery.Courier.Waiting;
import io.throughline.delivery.Undelivered.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CourierTest {

    private final List<Undelivered> deadLetters = new CopyOnWriteArrayList<>();
    private final Scripted target = new Scripted();

    @Test
    void whatATargetDoesNotTakeNowItIsOfferedAgain() throws Exception {
        target.answers(new TryLater("answered 503", null), null, new TryLater("answered 429", Duration.ofMillis(1)));

        try (Courier courier = courier(config(1, 100))) {
            courier.bring(waiting(Notifications.of("a-1", Event.OPENED))).get();

            assertThat(target.delivered).containsExactly("a-1-opened");
            assertThat(courier.counts().delivered()).isEqualTo(1);
            assertThat(courier.counts().retries()).isEqualTo(3);
            assertThat(deadLetters).isEmpty();
        }
    }

    @Test
    void whatATargetNeverTakesHoldsUpNothing() throws Exception {
        target.answers(new Refused("answered 400: bad key"));

        try (Courier courier = courier(config(1, 100))) {
            courier.bring(waiting(Notifications.of("a-1", Event.OPENED), Notifications.of("a-2", Event.OPENED)))
                    .get();

            assertThat(target.delivered).containsExactly("a-2-opened");
            assertThat(deadLetters)
                    .extracting(
                            letter -> letter.notification().id(),
                            Undelivered::reason,
                            Undelivered::detail,
                            Undelivered::attempts)
                    .containsExactly(tuple("a-1-opened", Reason.REFUSED, "answered 400: bad key", 1));
        }
    }

    /** Or a target that repeats what stands would repeat it for ever. */
    @Test
    void aTargetIsRemindedOfAnEndThatItWillNeverBeToldOf() throws Exception {
        target.answers(new Refused("answered 400"), new Refused("answered 400"));

        try (Courier courier = courier(config(1, 100))) {
            courier.bring(waiting(Notifications.of("a-1", Event.OPENED), Notifications.of("a-1", Event.RESOLVED)))
                    .get();
        }

        assertThat(target.reminded).containsExactly("a-1-resolved");
    }

    @Test
    void aTargetThatStaysDownIsGivenUpAndWhatItSaidLastIsKept() throws Exception {
        target.otherwise = new TryLater("answered 503: maintenance", null);
        TargetConfig impatient = with(config(1, 2), Duration.ofMillis(300));

        try (Courier courier = new Courier(target, impatient, deadLetters::add, InstantSource.system())) {
            courier.bring(List.of(new Waiting(
                            Notifications.of("a-1", Event.OPENED),
                            InstantSource.system().instant())))
                    .get();
        }

        assertThat(deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(Reason.GAVE_UP);
            assertThat(letter.detail()).isEqualTo("answered 503: maintenance");
            assertThat(letter.attempts()).isGreaterThan(1);
        });
    }

    @Test
    void anOpenCircuitSparesTheTarget() throws Exception {
        target.otherwise = new TryLater("answered 503", null);
        TargetConfig fragile = with(config(1, 3), Duration.ofMillis(400));

        try (Courier courier = new Courier(target, fragile, deadLetters::add, InstantSource.system())) {
            courier.bring(List.of(new Waiting(
                            Notifications.of("a-1", Event.OPENED),
                            InstantSource.system().instant())))
                    .get();
        }

        // Without a circuit breaker there would be some forty attempts with pauses of at most 10 ms.
        assertThat(target.attempts.get()).isLessThan(30);
    }

    @Test
    void whatWasPublishedTooLongAgoIsNoLongerSaid() throws Exception {
        try (Courier courier = courier(config(1, 100))) {
            courier.bring(List.of(new Waiting(Notifications.of("a-1", Event.OPENED), NOON.minus(Duration.ofDays(2)))))
                    .get();
        }

        assertThat(target.attempts).hasValue(0);
        assertThat(deadLetters).extracting(Undelivered::reason).containsExactly(Reason.EXPIRED);
    }

    @Test
    void aTargetIsToldOnlyWhatItWants() throws Exception {
        TargetConfig picky = new TargetConfig(
                "picky",
                Severity.ERROR,
                Set.of(Event.OPENED),
                Set.of("low-satisfaction"),
                1000,
                2,
                Duration.ofDays(1),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                100);

        try (Courier courier = courier(picky)) {
            courier.bring(waiting(
                            Notifications.of("a-1", Event.OPENED),
                            Notifications.of("a-1", Event.RESOLVED),
                            Notifications.of("a-2", Event.OPENED, Severity.WARNING, "meh", 1)))
                    .get();

            assertThat(target.delivered).containsExactly("a-1-opened");
            assertThat(courier.counts().unwanted()).isEqualTo(2);
        }
    }

    @Test
    void manyGoAtOnceButOneAlertsStoryKeepsItsOrder() throws Exception {
        List<Waiting> batch = new ArrayList<>();
        for (Event event : List.of(Event.OPENED, Event.ESCALATED, Event.RESOLVED)) {
            for (int alert = 0; alert < 20; alert++) {
                batch.add(new Waiting(Notifications.of("a-" + alert, event), NOON));
            }
        }
        target.answers(new TryLater("busy", null), new TryLater("busy", null), new TryLater("busy", null));

        try (Courier courier = courier(config(4, 100))) {
            courier.bring(batch).get();
        }

        Map<String, List<String>> byAlert = target.delivered.stream()
                .collect(Collectors.groupingBy(id -> id.substring(0, id.lastIndexOf('-')), Collectors.toList()));
        assertThat(byAlert).hasSize(20).allSatisfy((alert, ids) -> assertThat(ids)
                .containsExactly(alert + "-opened", alert + "-escalated", alert + "-resolved"));
    }

    @Test
    void aTargetIsAskedNoMoreThanSoOftenASecond() throws Exception {
        List<Long> asked = new CopyOnWriteArrayList<>();
        target.beforeEach = () -> asked.add(System.nanoTime());

        try (Courier courier = courier(limited(20, 4))) {
            courier.bring(storm(11)).get();
        }

        asked.sort(null);
        assertThat(asked).hasSize(11);
        // The first two may share the turn of a second's twentieth that had begun.
        assertThat(Duration.ofNanos(asked.get(10) - asked.get(0))).isGreaterThan(Duration.ofMillis(9 * 50));
    }

    @Test
    void theLimitOfOneTargetHoldsUpNoOther() throws Exception {
        Scripted other = new Scripted();

        try (Courier slow = courier(limited(1, 1));
                Courier fast = new Courier(other, limited(1000, 1), deadLetters::add, InstantSource.fixed(NOON))) {
            CompletableFuture<Void> slowly = slow.bring(storm(600));
            fast.bring(storm(20)).get();

            assertThat(other.delivered).hasSize(20);
            assertThat(slowly).as("ten minutes' work").isNotDone();
        }
    }

    @Test
    void soManyAreUnderWayAtOnceAndNoMore() throws Exception {
        CountDownLatch together = new CountDownLatch(2);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        target.beforeEach = () -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            together.countDown();
            together.await();
            underWay.decrementAndGet();
        };

        try (Courier courier = courier(limited(1000, 2))) {
            courier.bring(storm(40)).get();
        }

        assertThat(target.delivered).hasSize(40);
        assertThat(most).hasValue(2);
    }

    /** Or all that failed together would come again together. */
    @Test
    void pausesDifferByUpToHalfOfThemByChance() throws Exception {
        List<Long> asked = new CopyOnWriteArrayList<>();
        target.beforeEach = () -> asked.add(System.nanoTime());
        TryLater[] busy = new TryLater[40];
        Arrays.fill(busy, new TryLater("busy", null));
        target.answers(busy);
        TargetConfig even = new TargetConfig(
                "even",
                Severity.INFO,
                Set.of(Event.values()),
                null,
                1000,
                1,
                Duration.ofDays(1),
                Duration.ofMillis(40),
                Duration.ofMillis(41),
                100);

        try (Courier courier = courier(even)) {
            courier.bring(storm(1)).get();
        }

        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < asked.size(); i++) {
            pauses.add(Duration.ofNanos(asked.get(i) - asked.get(i - 1)));
        }
        // A busy machine makes pauses longer, never shorter: so those that are shorter than configured are chance.
        assertThat(pauses)
                .hasSize(40)
                .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(Duration.ofMillis(19)))
                .anySatisfy(pause -> assertThat(pause).isLessThan(Duration.ofMillis(39)));
    }

    @Test
    void aStopInTheMiddleLeavesTheBatchUnsettled() throws Exception {
        CountDownLatch under = new CountDownLatch(1);
        Target stuck = new Scripted() {
            @Override
            public Answer deliver(Parcel parcel) throws InterruptedException {
                under.countDown();
                new CountDownLatch(1).await();
                return new Delivered();
            }
        };
        Courier courier = new Courier(stuck, config(1, 100), deadLetters::add, InstantSource.fixed(NOON));

        CompletableFuture<Void> brought = courier.bring(waiting(Notifications.of("a-1", Event.OPENED)));
        under.await();
        courier.close();

        assertThatThrownBy(brought::get).hasMessageContaining("interrupted");
        assertThat(deadLetters).isEmpty();
    }

    private Courier courier(TargetConfig config) {
        return new Courier(target, config, deadLetters::add, InstantSource.fixed(NOON));
    }

    private static List<Waiting> waiting(Notification... notifications) {
        return List.of(notifications).stream()
                .map(each -> new Waiting(each, NOON))
                .toList();
    }

    /** So many alerts that open. */
    private static List<Waiting> storm(int alerts) {
        List<Waiting> batch = new ArrayList<>();
        for (int alert = 0; alert < alerts; alert++) {
            batch.add(new Waiting(Notifications.of("a-" + alert, Event.OPENED), NOON));
        }
        return batch;
    }

    private static TargetConfig limited(int perSecond, int concurrency) {
        return new TargetConfig(
                "limited",
                Severity.INFO,
                Set.of(Event.values()),
                null,
                perSecond,
                concurrency,
                Duration.ofDays(1),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                100);
    }

    private static TargetConfig config(int concurrency, int openAfter) {
        return new TargetConfig(
                "test",
                Severity.INFO,
                Set.of(Event.values()),
                null,
                1000,
                concurrency,
                Duration.ofDays(1),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                openAfter);
    }

    private static TargetConfig with(TargetConfig config, Duration giveUpAfter) {
        return new TargetConfig(
                config.name(),
                config.minSeverity(),
                config.events(),
                config.rules(),
                config.perSecond(),
                config.concurrency(),
                giveUpAfter,
                config.backOff(),
                Duration.ofMillis(50),
                config.openAfter());
    }

    /** Something that happens in a target. */
    private interface Deed {
        void happen() throws InterruptedException;
    }

    /** Answers as it was told, null meaning no answer at all; then as {@code otherwise}. */
    private static class Scripted implements Target {

        private final ConcurrentLinkedQueue<Optional<Answer>> answers = new ConcurrentLinkedQueue<>();
        private final List<String> delivered = new CopyOnWriteArrayList<>();
        private final List<String> reminded = new CopyOnWriteArrayList<>();
        private final AtomicInteger attempts = new AtomicInteger();
        private volatile Answer otherwise = new Delivered();
        private volatile Deed beforeEach = () -> {};

        void answers(Answer... script) {
            for (Answer answer : script) {
                answers.add(Optional.ofNullable(answer));
            }
        }

        @Override
        public List<Parcel> pack(List<Notification> notifications) {
            return notifications.stream()
                    .map(each -> new Parcel(List.of(each), URI.create("test:/"), Map.of(), new byte[0]))
                    .toList();
        }

        @Override
        public void remind(Notification notification) {
            reminded.add(notification.id());
        }

        @Override
        public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
            attempts.incrementAndGet();
            beforeEach.happen();
            Optional<Answer> scripted = answers.poll();
            if (scripted != null && scripted.isEmpty()) {
                throw new IOException("connection reset");
            }
            Answer answer = scripted == null ? otherwise : scripted.get();
            if (answer instanceof Delivered) {
                delivered.add(parcel.contents().get(0).id());
            }
            return answer;
        }
    }
}
