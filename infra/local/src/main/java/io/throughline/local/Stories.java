package io.throughline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The stories of the checkout: folders with touchpoints and a description. */
final class Stories {
    private static final String DESCRIPTION = "story.md";

    private final Path folder;

    Stories(Checkout checkout) {
        this.folder = checkout.root().resolve("jobs/scenarios/stories");
    }

    /** Name and title of each. */
    List<String> list() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names()) {
            String title = Files.readAllLines(folder.resolve(name).resolve(DESCRIPTION)).stream()
                    .filter(line -> line.startsWith("# "))
                    .findFirst()
                    .orElse("");
            lines.add(String.format("%-28s %s", name, title.replaceFirst("^# ", "")));
        }
        return lines;
    }

    /**
     * Where it is written what a story is about.
     *
     * @throws InvalidConfigurationException if there is no such story, naming those there are
     */
    Path description(String nameOrFolder) throws IOException {
        List<String> names = names();
        Path found = names.contains(nameOrFolder) ? folder.resolve(nameOrFolder) : Path.of(nameOrFolder);
        if (!Files.isRegularFile(found.resolve("touchpoints.ndjson"))) {
            throw new InvalidConfigurationException("--story: no story is called '" + nameOrFolder
                    + "', and it is no folder with a touchpoints.ndjson; there are: " + String.join(", ", names));
        }
        return found.resolve(DESCRIPTION);
    }

    private List<String> names() throws IOException {
        return Files.readAllLines(folder.resolve("index.txt")).stream()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
