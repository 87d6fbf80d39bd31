package dev.jassay.cli;

/**
 * The numbers that a flag takes, from 1 on.
 *
 * @param flag as it is written
 * @param most the largest
 * @param noun what is counted
 */
record Range(String flag, int most, String noun) {
    /** @throws CommandFailure (USAGE) if a number is outside; the message says what to choose */
    int require(int number) {
        if (number < 1 || number > most) {
            throw new CommandFailure(ExitCode.USAGE, flag + " " + number + ": choose 1 to " + most + " " + noun);
        }
        return number;
    }
}
