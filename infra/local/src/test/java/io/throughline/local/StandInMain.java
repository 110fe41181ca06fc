package io.throughline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says what the real command line says and goes on until a file named {@code break} appears in its directory. */
final class StandInMain {
    private StandInMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "validate" -> {
                if (Files.readString(Path.of(arguments[2])).contains("nonsense")) {
                    System.out.println("validate: " + arguments[2] + ": 1 error\n  line 1: nonsense: no such key");
                    System.exit(2);
                }
            }
            case "provision" -> System.out.println("11 topics are as declared");
            case "simulate" -> {
                if (List.of(arguments).contains("unreachable")) {
                    System.out.println("simulate: Kafka is not reachable");
                    System.exit(1);
                }
                System.out.println("simulate: 0 records " + String.join(" ", arguments));
                untilBroken();
            }
            case "dashboard" -> {
                String port = arguments[arguments.length - 1];
                System.out.println(
                        "Dashboard: http://127.0.0.1:" + (port.equals("0") ? "4711" : port) + "/  (a stand-in)");
                untilBroken();
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void untilBroken() throws IOException, InterruptedException {
        while (!Files.deleteIfExists(Path.of("break"))) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        System.out.println("something broke");
        System.exit(1);
    }
}
