package dev.jassay.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Takes over signals. By reflection: the compiler warns of the classes, the only ones that do it, and cannot be told that we know. */
final class Signals {
    /** What a shell adds to the number of the signal that ended a process. */
    static final int EXIT_BY_SIGNAL = 128;

    private Signals() {}

    /** Gives a signal back to whoever had it. */
    interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes one.
     *
     * @param name without SIG
     * @param handler runs on a thread of its own each time the signal comes
     */
    static Taken take(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object receiver = Proxy.newProxyInstance(
                    handlers.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        handler.run();
                        return null;
                    });
            Object taken = signal.getConstructor(String.class).newInstance(name);
            Method handle = signal.getMethod("handle", signal, handlers);
            Object before = handle.invoke(null, taken, receiver);
            return () -> giveBack(handle, taken, before, name);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException("cannot take SIG" + name, unavailable);
        }
    }

    private static void giveBack(Method handle, Object signal, Object before, String name) {
        try {
            var _ = handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException("cannot give SIG" + name + " back", unavailable);
        }
    }
}
