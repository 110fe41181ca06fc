package io.throughline.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Packs {@link Lifeline} into an agent jar, since it may come from a jar or from a directory of classes. */
final class LifelineJar {
    private LifelineJar() {}

    /** Leaves a file that already has these bytes alone: running servers have it open. */
    static Path in(Path directory) throws IOException {
        byte[] wanted = bytes();
        Path jar = directory.resolve("lifeline.jar");
        if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), wanted)) {
            Path fresh = Files.createTempFile(directory, "lifeline", ".jar");
            Files.write(fresh, wanted);
            Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        return jar;
    }

    private static byte[] bytes() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Lifeline.class.getName());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out)) {
            put(jar, "META-INF/MANIFEST.MF");
            manifest.write(jar);
            put(jar, Lifeline.class.getName().replace('.', '/') + ".class");
            try (InputStream code = Objects.requireNonNull(
                    Lifeline.class.getResourceAsStream(Lifeline.class.getSimpleName() + ".class"))) {
                code.transferTo(jar);
            }
        }
        return out.toByteArray();
    }

    private static void put(JarOutputStream jar, String name) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        jar.putNextEntry(entry);
    }
}
