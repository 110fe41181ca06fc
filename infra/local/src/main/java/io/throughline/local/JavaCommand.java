package io.throughline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How one Java process is started.
 *
 * @param name unique among the processes of one directory; also the name of its log
 * @param options for the JVM
 * @param classPath joined by the system's separator
 */
record JavaCommand(String name, List<String> options, String classPath, String mainClass, List<String> arguments) {

    /** Compiles little: a process that lives for minutes spends half its start compiling what it never needs fast. */
    JavaCommand shortLived() {
        List<String> more = new ArrayList<>(options);
        more.add("-XX:TieredStopAtLevel=1");
        return new JavaCommand(name, more, classPath, mainClass, arguments);
    }

    /** @param files directory for the file that carries the class path, which would make command lines unreadable */
    List<String> line(String mark, Path files) throws IOException {
        Path classPathFile = files.resolve("classpath.args");
        Files.writeString(classPathFile, "-cp \"" + classPath.replace("\\", "\\\\") + "\"\n");
        List<String> line = new ArrayList<>();
        line.add(java());
        line.add(mark);
        line.addAll(options);
        line.add("@" + classPathFile);
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }

    /** The Java this program itself runs on. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
