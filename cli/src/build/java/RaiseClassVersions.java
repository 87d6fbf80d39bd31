import java.io.DataInputStream;
import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rewrites the classes of a jar that are in a format of before Java 6, as those of picocli are, into that of Java 8: the JVM keeps no
 * older ones in a start-up cache, and verifies them slowly. Then gives the jar its place, unless it is there already: a start-up cache
 * goes by the time at which the jar was written.
 *
 * <p>Usage: {@code java RaiseClassVersions.java JAR PLACE}
 */
final class RaiseClassVersions {
    private static final int FIRST_CACHEABLE = ClassFile.JAVA_6_VERSION;
    private static final int RAISED = ClassFile.JAVA_8_VERSION;

    private RaiseClassVersions() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        raise(jar);
        put(jar, Path.of(arguments[1]));
    }

    private static void put(Path jar, Path place) throws IOException {
        if (Files.exists(place) && Files.mismatch(jar, place) == -1) {
            Files.delete(jar);
        } else {
            Files.move(jar, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void raise(Path jar) throws IOException {
        try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                FileSystem content = FileSystems.newFileSystem(jar)) {
            // What the new stack maps need to know of classes comes from the jar too.
            ClassFile format = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (Path file : oldClasses(content.getPath("/"))) {
                FileTime time = Files.getLastModifiedTime(file);
                Files.write(file, raise(format, format.parse(Files.readAllBytes(file))));
                Files.setLastModifiedTime(file, time);
            }
        }
    }

    private static List<Path> oldClasses(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            List<Path> old = new ArrayList<>();
            for (Path file : classes) {
                if (majorVersion(file) < FIRST_CACHEABLE) {
                    old.add(file);
                }
            }
            return old;
        }
    }

    private static int majorVersion(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.readInt(); // magic number
            in.readUnsignedShort(); // minor version
            return in.readUnsignedShort();
        }
    }

    private static byte[] raise(ClassFile format, ClassModel old) {
        // Only code that is written anew gets stack maps.
        MethodTransform rewrite = MethodTransform.transformingCode(CodeBuilder::with);
        return format.build(old.thisClass().asSymbol(), builder -> {
            builder.withVersion(RAISED, 0);
            for (ClassElement element : old) {
                switch (element) {
                    case ClassFileVersion _ -> {}
                    case MethodModel method -> builder.transformMethod(method, rewrite);
                    default -> builder.with(element);
                }
            }
        });
    }
}
