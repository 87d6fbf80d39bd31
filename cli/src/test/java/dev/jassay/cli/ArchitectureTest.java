package dev.jassay.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which package may know which. Here, since this module sees them all. */
final class ArchitectureTest {
    private static final String PROTO = "dev.jassay.v1..";
    private static final String ENGINE = "dev.jassay.engine..";
    private static final String SERVER = "dev.jassay.server..";
    private static final String WEB = "dev.jassay.web..";
    private static final String CLIENT = "dev.jassay.client..";
    private static final String CLI = "dev.jassay.cli..";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.jassay");

    @Test
    void importedClasses_areOfEveryPackage() {
        assertThat(ALL.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .containsAll(Stream.of(PROTO, ENGINE, SERVER, WEB, CLIENT, CLI)
                        .map(name -> name.replace("..", ""))
                        .toList());
    }

    @Test
    void nativeMemory_isReachedByTheEngineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(ALL);
    }

    @Test
    void unsafe_isReachedByNobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage(PROTO)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Unsafe")
                .check(ALL);
    }

    @Test
    void engine_knowsNoOtherPackageOfOursAndNoGrpc() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROTO, SERVER, WEB, CLIENT, CLI, "io.grpc..", "com.google.protobuf..")
                .check(ALL);
    }

    @Test
    void server_knowsNeitherHttpNorClientNorCommandLine() {
        noClasses()
                .that()
                .resideInAPackage(SERVER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WEB, CLIENT, CLI, "org.eclipse.jetty..")
                .check(ALL);
    }

    /** Its results are the server's to give. */
    @Test
    void web_knowsNeitherClientNorCommandLineNorTransportOfGrpc() {
        noClasses()
                .that()
                .resideInAPackage(WEB)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLIENT, CLI, "io.grpc..")
                .check(ALL);
    }

    @Test
    void client_knowsNeitherServersNorEngineNorCommandLine() {
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVER, WEB, ENGINE, CLI)
                .check(ALL);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("dev.jassay.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void publicClasses_areFinalOrSealed() {
        classes()
                .that()
                .resideOutsideOfPackage(PROTO)
                .and()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(ALL);
    }

    @Test
    void packages_areNullMarked() {
        assertThat(ALL.stream()
                        .filter(resideInAPackage(PROTO).negate())
                        .map(JavaClass::getPackage)
                        .filter(owner -> !owner.isAnnotatedWith(NullMarked.class))
                        .distinct())
                .isEmpty();
    }
}
