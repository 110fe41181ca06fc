package io.throughline.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process that does nothing until it is ended; or, given a directory, one that starts such a process. */
final class IdleMain {
    private IdleMain() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        if (arguments.length > 0) {
            Path directory = Path.of(arguments[0]);
            ServerProcess child = new ServerProcess(directory, "idle");
            child.start(command("idle"), LifelineJar.in(directory), Map.of());
            if (arguments.length > 1) {
                child.release();
            }
            System.out.println("started");
        } else {
            System.out.println("idle");
        }
        new CountDownLatch(1).await();
    }

    static Process start(String mark, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(
                List.of(JavaCommand.java(), mark, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
        line.add(IdleMain.class.getName());
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line).start();
    }

    static JavaCommand command(String name) {
        return new JavaCommand(
                name, List.of("-XX:TieredStopAtLevel=1"), classPath(), IdleMain.class.getName(), List.of());
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
