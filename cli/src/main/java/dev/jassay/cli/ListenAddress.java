package dev.jassay.cli;

import dev.jassay.client.ServerAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a HOST:PORT to listen on; port 0 stands for any free one. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
        try {
            ServerAddress address = ServerAddress.parse(text);
            return new InetSocketAddress(address.host(), address.port());
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(String.valueOf(wrong.getMessage()));
        }
    }
}
