package io.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.dashboard.know.Operations.Checkpoint;
import io.throughline.dashboard.know.Operations.Checkpoints;
import io.throughline.dashboard.know.Operations.Job;
import io.throughline.dashboard.know.Operations.Stage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the jobs go, from Flink's REST interface. Reading only. */
final class FlinkJobs {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LONGEST_MESSAGE = 300;

    /** In the order in which touchpoints pass them. */
    private static final List<String> STAGES =
            List.of("ingest", "stitch", "sessionize", "measure", "alert", "publish", "index");

    private static final Pattern STAGE = Pattern.compile("\\b(" + String.join("|", STAGES) + ")-[a-z]");

    private final URI url;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    FlinkJobs(URI url) {
        this.url = URI.create(url.toString().replaceFirst("/+$", ""));
    }

    /**
     * Of each name the job that was started last; by name.
     *
     * @throws IOException in one line, if Flink does not answer
     */
    List<Job> read() throws IOException, InterruptedException {
        Map<String, JsonNode> newest = new TreeMap<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            newest.merge(
                    job.path("name").asText(),
                    job,
                    (one, other) -> one.path("start-time").asLong()
                                    >= other.path("start-time").asLong()
                            ? one
                            : other);
        }
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : newest.values()) {
            jobs.add(job(job));
        }
        return jobs;
    }

    private Job job(JsonNode overview) throws IOException, InterruptedException {
        String id = overview.path("jid").asText();
        String state = overview.path("state").asText();
        boolean ended = !state.equals("RUNNING") && overview.path("end-time").asLong() > 0;
        JsonNode vertices = ended ? JSON.createArrayNode() : get("/jobs/" + id).path("vertices");
        return new Job(
                id,
                overview.path("name").asText(),
                state,
                Instant.ofEpochMilli(overview.path("start-time").asLong()),
                restarts(id),
                stages(id, vertices),
                checkpoints(id));
    }

    private @Nullable Long restarts(String id) throws IOException, InterruptedException {
        JsonNode metric =
                get("/jobs/" + id + "/metrics?get=numRestarts").path(0).path("value");
        return metric.isMissingNode() ? null : metric.asLong();
    }

    /** Vertices by the stage their first operator is of. */
    private List<Stage> stages(String id, JsonNode vertices) throws IOException, InterruptedException {
        Map<String, Sum> sums = new LinkedHashMap<>();
        STAGES.forEach(stage -> sums.put(stage, new Sum()));
        for (JsonNode vertex : vertices) {
            Matcher stage = STAGE.matcher(vertex.path("name").asText());
            Sum sum = sums.computeIfAbsent(stage.find() ? stage.group(1) : "other", name -> new Sum());
            sum.tasks += vertex.path("parallelism").asInt();
            sum.running += vertex.path("tasks").path("RUNNING").asInt();
            for (JsonNode subtask :
                    get("/jobs/" + id + "/vertices/" + vertex.path("id").asText() + "/watermarks")) {
                long watermark = Long.parseLong(subtask.path("value").asText("0"));
                if (watermark > 0 && watermark < Long.MAX_VALUE) {
                    sum.watermark = sum.watermark == null ? watermark : (Long) Math.min(sum.watermark, watermark);
                }
            }
        }
        List<Stage> stages = new ArrayList<>();
        sums.forEach((name, sum) -> {
            if (sum.tasks > 0) {
                stages.add(new Stage(
                        name,
                        sum.tasks,
                        sum.running,
                        sum.watermark == null ? null : Instant.ofEpochMilli(sum.watermark)));
            }
        });
        stages.sort(Comparator.comparingInt(stage -> {
            int place = STAGES.indexOf(stage.name());
            return place < 0 ? STAGES.size() : place;
        }));
        return stages;
    }

    private static final class Sum {
        int tasks;
        int running;

        /** The lowest of its subtasks: what all of them have reached. */
        @Nullable
        Long watermark;
    }

    private @Nullable Checkpoints checkpoints(String id) throws IOException, InterruptedException {
        JsonNode found = getOrNone("/jobs/" + id + "/checkpoints");
        if (found == null) {
            return null;
        }
        JsonNode last = found.path("latest").path("completed");
        JsonNode failed = found.path("latest").path("failed");
        // Flink counts as failed what could not begin, too, and only tells the last of those that began.
        long failures = found.path("counts").path("failed").asLong();
        return new Checkpoints(
                found.path("counts").path("completed").asLong(),
                failed.isObject() ? failures : 0,
                failed.isObject() ? 0 : failures,
                found.path("counts").path("in_progress").asLong(),
                last.isObject()
                        ? new Checkpoint(
                                Instant.ofEpochMilli(last.path("trigger_timestamp")
                                                .asLong()
                                        + last.path("end_to_end_duration").asLong()),
                                last.path("end_to_end_duration").asLong(),
                                last.path("state_size").asLong())
                        : null,
                failed.isObject()
                        ? Instant.ofEpochMilli(failed.path("failure_timestamp").asLong())
                        : null,
                failed.isObject() ? shortened(failed.path("failure_message").asText("no reason given")) : null);
    }

    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("").strip();
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + " ..." : line;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        JsonNode found = getOrNone(path);
        if (found == null) {
            throw new IOException("Flink at " + url + " does not know " + path
                    + " (a job that ended this moment, or no Flink): check dashboard.flink_url");
        }
        return found;
    }

    /** Null where Flink knows nothing by this path. */
    private @Nullable JsonNode getOrNone(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .build();
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpConnectTimeoutException e) {
            throw unreachable(e);
        } catch (HttpTimeoutException e) {
            throw new IOException(
                    "Flink at " + url + " gave no answer within " + PATIENCE.toSeconds() + " s: it is busy, or hangs",
                    e);
        } catch (IOException e) {
            throw unreachable(e);
        }
        if (answer.statusCode() == 404) {
            return null;
        }
        if (answer.statusCode() != 200) {
            throw new IOException("Flink at " + url + " answers " + answer.statusCode() + " to " + path);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new IOException("what answers at " + url + " is not Flink: set dashboard.flink_url", e);
        }
    }

    private IOException unreachable(IOException cause) {
        return new IOException("Flink is not reachable at " + url + ": start it or set dashboard.flink_url", cause);
    }
}
