package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;

/** A registry in memory that counts what it is asked for and can be made to fail. */
class RegistryDouble extends MockSchemaRegistryClient {

    private Exception sickness;
    private int lookups;

    static RestClientException answer(int status, int errorCode) {
        return new RestClientException("told to", status, errorCode);
    }

    /** From now on every look-up fails so; {@code null} heals. */
    void failWith(Exception sickness) {
        this.sickness = sickness;
    }

    int lookups() {
        return lookups;
    }

    @Override
    public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
        lookups++;
        fail();
        return super.getSchemaById(id);
    }

    @Override
    public int getId(String subject, ParsedSchema schema) throws IOException, RestClientException {
        lookups++;
        fail();
        return super.getId(subject, schema);
    }

    private void fail() throws IOException, RestClientException {
        if (sickness instanceof RestClientException answer) {
            throw answer;
        }
        if (sickness instanceof IOException e) {
            throw e;
        }
    }
}
