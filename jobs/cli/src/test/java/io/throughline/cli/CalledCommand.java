package io.throughline.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a call of the command line came to. */
record CalledCommand(int exitCode, String out, String err) {

    static CalledCommand of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Throughline.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments);
        return new CalledCommand(exitCode, out.toString(), err.toString());
    }
}
