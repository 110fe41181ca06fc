package io.throughline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What one call of the command ended with and said. */
record Invocation(int exit, List<String> out, List<String> err) {

    static Invocation of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Throughline.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exit = command.execute(arguments);
        return new Invocation(
                exit, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
