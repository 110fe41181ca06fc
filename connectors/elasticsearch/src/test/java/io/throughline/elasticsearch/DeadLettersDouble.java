package io.throughline.elasticsearch;

import java.util.ArrayList;
import java.util.List;

final class DeadLettersDouble implements DeadLetters {

    final List<DeadLetter> letters = new ArrayList<>();

    @Override
    public void accept(DeadLetter letter) {
        letters.add(letter);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
