package io.throughline.dashboard;

import picocli.CommandLine;

/** The dashboard as a process of its own. */
public final class DashboardMain {

    private DashboardMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DashboardCommand()).execute(arguments));
    }
}
