package io.throughline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Jobs of a session cluster, over its REST interface. Every call may throw {@link LocalServerException}. */
public final class FlinkRest {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String url;
    private final Map<Path, String> uploaded = new ConcurrentHashMap<>();

    public FlinkRest(String url) {
        this.url = url;
    }

    /** A job as the cluster lists it; {@code state} is Flink's word, such as RUNNING or FAILED. */
    public record Job(String id, String name, String state) {
        public boolean isEnded() {
            return state.equals("FAILED") || state.equals("CANCELED") || state.equals("FINISHED");
        }
    }

    /** Runs a main class that submits one job. Returns the job's id; the job need not run yet. */
    public String submit(Path jar, String mainClass, List<String> arguments) {
        return submit(jar, mainClass, arguments, null, null);
    }

    /**
     * As {@link #submit(Path, String, List)}, with settings for the cluster's client.
     *
     * @param parallelism null: the job's own
     * @param savepoint path of a savepoint or checkpoint to start from; null: without state
     */
    public String submit(
            Path jar,
            String mainClass,
            List<String> arguments,
            @Nullable Integer parallelism,
            @Nullable String savepoint) {
        ObjectNode body = LocalHttp.JSON.createObjectNode().put("entryClass", mainClass);
        arguments.forEach(body.putArray("programArgsList")::add);
        if (parallelism != null) {
            body.put("parallelism", parallelism);
        }
        if (savepoint != null) {
            body.put("savepointPath", savepoint);
        }
        return call(() -> LocalHttp.send(
                                "POST",
                                url + "/jars/" + uploaded(jar) + "/run",
                                BodyPublishers.ofString(body.toString()),
                                "application/json",
                                Duration.ofMinutes(2))
                        .required())
                .path("jobid")
                .asText();
    }

    public List<Job> jobs() {
        JsonNode overview = call(() -> LocalHttp.get(url + "/jobs/overview").required());
        return StreamSupport.stream(overview.path("jobs").spliterator(), false)
                .map(job -> new Job(
                        job.path("jid").asText(),
                        job.path("name").asText(),
                        job.path("state").asText()))
                .toList();
    }

    /** Flink's word for the job's state. */
    public String state(String jobId) {
        // Asked every few seconds: the details would have Flink collect the metrics of every task as well.
        return call(() -> LocalHttp.get(url + "/jobs/" + jobId + "/status").required())
                .path("status")
                .asText();
    }

    /** Whether the job and every one of its subtasks run; a job alone says RUNNING while tasks still wait for slots. */
    public boolean isRunning(String jobId) {
        JsonNode job = details(jobId);
        return job.path("state").asText().equals("RUNNING")
                && StreamSupport.stream(job.path("vertices").spliterator(), false)
                        .allMatch(vertex -> vertex.path("tasks").path("RUNNING").asInt()
                                        + vertex.path("tasks").path("FINISHED").asInt()
                                == vertex.path("parallelism").asInt());
    }

    /** Waits until {@link #isRunning}. Fails with the job's own error when it ended instead, or when time is up. */
    public void awaitRunning(String jobId, Duration limit) {
        await(jobId, limit, "running", state -> isRunning(jobId), true);
    }

    /** Waits until the job has ended in any way and returns its last state. */
    public String awaitEnd(String jobId, Duration limit) {
        await(jobId, limit, "at its end", state -> new Job(jobId, "", state).isEnded(), false);
        return state(jobId);
    }

    public void cancel(String jobId) {
        call(() -> LocalHttp.send(
                        "PATCH",
                        url + "/jobs/" + jobId + "?mode=cancel",
                        BodyPublishers.noBody(),
                        "application/json",
                        Duration.ofSeconds(60))
                .required());
    }

    /** Writes a savepoint while the job goes on; returns its path. */
    public String savepoint(String jobId, Duration limit) {
        return triggered(jobId, "savepoints", LocalHttp.JSON.createObjectNode().put("cancel-job", false), limit);
    }

    /** Ends the job with a savepoint, losing and repeating nothing; returns its path. */
    public String stopWithSavepoint(String jobId, Duration limit) {
        return triggered(jobId, "stop", LocalHttp.JSON.createObjectNode().put("drain", false), limit);
    }

    /** Number of completed checkpoints since the job was submitted. */
    public long completedCheckpoints(String jobId) {
        return checkpoints(jobId).path("counts").path("completed").asLong();
    }

    /** How often the job has been restarted after a failure. */
    public long restarts(String jobId) {
        JsonNode metrics = call(() -> LocalHttp.get(url + "/jobs/" + jobId + "/metrics?get=numRestarts")
                .required());
        return metrics.path(0).path("value").asLong();
    }

    /** The job's newest failure with its stack, for messages. */
    public Optional<String> failure(String jobId) {
        JsonNode exceptions = call(() -> LocalHttp.get(url + "/jobs/" + jobId + "/exceptions?maxExceptions=1")
                .required());
        JsonNode newest =
                exceptions.path("exceptionHistory").path("entries").path(0).path("stacktrace");
        return Optional.of(newest.asText()).filter(text -> !text.isBlank());
    }

    private JsonNode checkpoints(String jobId) {
        return call(() -> LocalHttp.get(url + "/jobs/" + jobId + "/checkpoints").required());
    }

    private JsonNode details(String jobId) {
        return call(() -> LocalHttp.get(url + "/jobs/" + jobId).required());
    }

    private String uploaded(Path jar) throws IOException {
        Path key = jar.toAbsolutePath().normalize();
        String known = uploaded.get(key);
        if (known != null) {
            return known;
        }
        String boundary = "throughline-" + UUID.randomUUID();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                + jar.getFileName() + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n";
        JsonNode answer = LocalHttp.send(
                        "POST",
                        url + "/jars/upload",
                        BodyPublishers.concat(
                                BodyPublishers.ofString(head, StandardCharsets.UTF_8),
                                BodyPublishers.ofFile(key),
                                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8)),
                        "multipart/form-data; boundary=" + boundary,
                        Duration.ofMinutes(2))
                .required();
        String stored = Path.of(answer.path("filename").asText()).getFileName().toString();
        uploaded.put(key, stored);
        return stored;
    }

    private String triggered(String jobId, String what, ObjectNode request, Duration limit) {
        String trigger = call(() -> LocalHttp.sendJson("POST", url + "/jobs/" + jobId + "/" + what, request)
                        .required())
                .path("request-id")
                .asText();
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            JsonNode answer = call(() -> LocalHttp.get(url + "/jobs/" + jobId + "/savepoints/" + trigger)
                    .required());
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                if (operation.has("failure-cause")) {
                    throw new LocalServerException("Savepoint of job " + jobId + " failed: "
                            + operation
                                    .path("failure-cause")
                                    .path("stack-trace")
                                    .asText());
                }
                return operation.path("location").asText();
            }
            pause();
        }
        throw new LocalServerException("Savepoint of job " + jobId + " took more than " + limit.toSeconds() + " s");
    }

    private void await(String jobId, Duration limit, String what, Predicate<String> reached, boolean failWhenEnded) {
        long end = System.nanoTime() + limit.toNanos();
        Map<String, Integer> seen = new LinkedHashMap<>();
        while (System.nanoTime() < end) {
            String state = state(jobId);
            seen.merge(state, 1, Integer::sum);
            if (reached.test(state)) {
                return;
            }
            if (failWhenEnded && new Job(jobId, "", state).isEnded()) {
                throw new LocalServerException("Job " + jobId + " is " + state
                        + failure(jobId).map(text -> ": " + text).orElse(""));
            }
            pause();
        }
        throw new LocalServerException("Job " + jobId + " was not " + what + " within " + limit.toSeconds()
                + " s; states seen: " + new ArrayList<>(seen.keySet())
                + failure(jobId).map(text -> "; last failure: " + text).orElse(""));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while waiting for Flink", e);
        }
    }

    private static JsonNode call(Call call) {
        try {
            return call.now();
        } catch (IOException e) {
            String because = e.getMessage();
            throw new LocalServerException(because == null ? "Flink does not answer" : "Flink: " + because, e);
        }
    }

    @FunctionalInterface
    private interface Call {
        JsonNode now() throws IOException;
    }
}
