CREATE FUNCTION public.addenda_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'addenda is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.addenda_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'addenda are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.addenda_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'addenda is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.answer_changes_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'answer_changes is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.answer_changes_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'answer_changes are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.answer_changes_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'answer_changes is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.audit_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.audit_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.audit_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.patients_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'patients are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.patients_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'patients are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.people_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'people are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.people_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'people are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.set_aside_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'set_aside is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.set_aside_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'set_aside are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.set_aside_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'set_aside is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.visits_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'visits are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.visits_no_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'visits are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION public.visits_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'a signed visit is final' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TABLE public.addenda (
    id character varying(64) NOT NULL,
    visit_id character varying(64) NOT NULL,
    number integer NOT NULL,
    kind character varying(16) NOT NULL,
    content text NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.answer_changes (
    id integer NOT NULL,
    visit_id character varying(64) NOT NULL,
    revision integer NOT NULL,
    question text NOT NULL,
    old text,
    new text,
    who text NOT NULL,
    role character varying(16) NOT NULL,
    at character varying(40) NOT NULL,
    way character varying(16) NOT NULL,
    declined boolean NOT NULL
);
CREATE SEQUENCE public.answer_changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.answer_changes_id_seq OWNED BY public.answer_changes.id;
CREATE TABLE public.audit (
    number integer NOT NULL,
    event character varying(32) NOT NULL,
    who character varying(64) NOT NULL,
    role character varying(64) NOT NULL,
    at character varying(40) NOT NULL,
    at_utc character varying(40) NOT NULL,
    subject character varying(64) NOT NULL,
    detail text NOT NULL,
    mac character varying(64) NOT NULL
);
CREATE TABLE public.audit_head (
    id integer NOT NULL,
    count integer NOT NULL,
    mac character varying(64) NOT NULL
);
CREATE TABLE public.patients (
    id character varying(64) NOT NULL,
    family_name text NOT NULL,
    given_name text NOT NULL,
    preferred_name text NOT NULL,
    birth_date character varying(10) NOT NULL,
    stated_age integer,
    sex_at_birth character varying(16) NOT NULL,
    gender text NOT NULL,
    chart_number text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    interpreter text NOT NULL,
    emergency_contact text NOT NULL,
    primary_care_provider text NOT NULL,
    insurer text NOT NULL,
    member_id text NOT NULL,
    occupation text NOT NULL,
    search_name text NOT NULL COLLATE pg_catalog."C",
    search_chart text NOT NULL COLLATE pg_catalog."C",
    search_phone text NOT NULL,
    revision integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.people (
    id character varying(64) NOT NULL,
    name text NOT NULL,
    roles text NOT NULL,
    licence text NOT NULL,
    is_active boolean NOT NULL,
    revision integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.set_aside (
    id integer NOT NULL,
    visit_id character varying(64) NOT NULL,
    question text NOT NULL,
    value text,
    who text NOT NULL,
    role character varying(16) NOT NULL,
    at character varying(40) NOT NULL
);
CREATE SEQUENCE public.set_aside_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.set_aside_id_seq OWNED BY public.set_aside.id;
CREATE TABLE public.settings (
    name character varying(64) NOT NULL,
    value text
);
CREATE TABLE public.visits (
    id character varying(64) NOT NULL,
    patient_id character varying(64) NOT NULL,
    on_day character varying(10) NOT NULL,
    opened_at character varying(40) NOT NULL,
    opened_utc character varying(40) NOT NULL,
    protocol_id text NOT NULL,
    protocol_version text NOT NULL,
    protocol_digest text NOT NULL,
    revision integer NOT NULL,
    state character varying(32) NOT NULL,
    answers text NOT NULL,
    signed_at character varying(40),
    signed_by character varying(64),
    signed_name text,
    signed_content text,
    signed_digest character varying(64),
    responsible character varying(64) DEFAULT ''::character varying NOT NULL
);
ALTER TABLE ONLY public.answer_changes ALTER COLUMN id SET DEFAULT nextval('public.answer_changes_id_seq'::regclass);
ALTER TABLE ONLY public.set_aside ALTER COLUMN id SET DEFAULT nextval('public.set_aside_id_seq'::regclass);
INSERT INTO public.alembic_version (version_num) VALUES ('0003');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.addenda
    ADD CONSTRAINT pk_addenda PRIMARY KEY (id);
ALTER TABLE ONLY public.answer_changes
    ADD CONSTRAINT pk_answer_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (number);
ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT pk_audit_head PRIMARY KEY (id);
ALTER TABLE ONLY public.patients
    ADD CONSTRAINT pk_patients PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT pk_people PRIMARY KEY (id);
ALTER TABLE ONLY public.set_aside
    ADD CONSTRAINT pk_set_aside PRIMARY KEY (id);
ALTER TABLE ONLY public.settings
    ADD CONSTRAINT pk_settings PRIMARY KEY (name);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT pk_visits PRIMARY KEY (id);
CREATE INDEX ix_addenda_visit_id ON public.addenda USING btree (visit_id);
CREATE INDEX ix_answer_changes_visit_id_revision ON public.answer_changes USING btree (visit_id, revision);
CREATE INDEX ix_audit_at_utc ON public.audit USING btree (at_utc);
CREATE INDEX ix_audit_event_number ON public.audit USING btree (event, number);
CREATE INDEX ix_audit_role_number ON public.audit USING btree (role, number);
CREATE INDEX ix_audit_subject_number ON public.audit USING btree (subject, number);
CREATE INDEX ix_audit_who_number ON public.audit USING btree (who, number);
CREATE INDEX ix_patients_birth_date ON public.patients USING btree (birth_date);
CREATE INDEX ix_patients_search_chart ON public.patients USING btree (search_chart);
CREATE INDEX ix_patients_search_name ON public.patients USING btree (search_name);
CREATE INDEX ix_set_aside_visit_id ON public.set_aside USING btree (visit_id);
CREATE INDEX ix_visits_on_day_opened_utc_id ON public.visits USING btree (on_day, opened_utc, id);
CREATE INDEX ix_visits_patient_id ON public.visits USING btree (patient_id);
CREATE INDEX ix_visits_responsible_state ON public.visits USING btree (responsible, state);
CREATE TRIGGER addenda_no_delete BEFORE DELETE ON public.addenda FOR EACH ROW EXECUTE FUNCTION public.addenda_no_delete();
CREATE TRIGGER addenda_no_truncate BEFORE TRUNCATE ON public.addenda FOR EACH STATEMENT EXECUTE FUNCTION public.addenda_no_truncate();
CREATE TRIGGER addenda_no_update BEFORE UPDATE ON public.addenda FOR EACH ROW EXECUTE FUNCTION public.addenda_no_update();
CREATE TRIGGER answer_changes_no_delete BEFORE DELETE ON public.answer_changes FOR EACH ROW EXECUTE FUNCTION public.answer_changes_no_delete();
CREATE TRIGGER answer_changes_no_truncate BEFORE TRUNCATE ON public.answer_changes FOR EACH STATEMENT EXECUTE FUNCTION public.answer_changes_no_truncate();
CREATE TRIGGER answer_changes_no_update BEFORE UPDATE ON public.answer_changes FOR EACH ROW EXECUTE FUNCTION public.answer_changes_no_update();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_no_delete();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_no_truncate();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.audit_no_update();
CREATE TRIGGER patients_no_delete BEFORE DELETE ON public.patients FOR EACH ROW EXECUTE FUNCTION public.patients_no_delete();
CREATE TRIGGER patients_no_truncate BEFORE TRUNCATE ON public.patients FOR EACH STATEMENT EXECUTE FUNCTION public.patients_no_truncate();
CREATE TRIGGER people_no_delete BEFORE DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.people_no_delete();
CREATE TRIGGER people_no_truncate BEFORE TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.people_no_truncate();
CREATE TRIGGER set_aside_no_delete BEFORE DELETE ON public.set_aside FOR EACH ROW EXECUTE FUNCTION public.set_aside_no_delete();
CREATE TRIGGER set_aside_no_truncate BEFORE TRUNCATE ON public.set_aside FOR EACH STATEMENT EXECUTE FUNCTION public.set_aside_no_truncate();
CREATE TRIGGER set_aside_no_update BEFORE UPDATE ON public.set_aside FOR EACH ROW EXECUTE FUNCTION public.set_aside_no_update();
CREATE TRIGGER visits_no_delete BEFORE DELETE ON public.visits FOR EACH ROW EXECUTE FUNCTION public.visits_no_delete();
CREATE TRIGGER visits_no_truncate BEFORE TRUNCATE ON public.visits FOR EACH STATEMENT EXECUTE FUNCTION public.visits_no_truncate();
CREATE TRIGGER visits_no_update BEFORE UPDATE ON public.visits FOR EACH ROW WHEN (((old.state)::text = 'signed'::text)) EXECUTE FUNCTION public.visits_no_update();
ALTER TABLE ONLY public.addenda
    ADD CONSTRAINT fk_addenda_visit_id_visits FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.answer_changes
    ADD CONSTRAINT fk_answer_changes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.set_aside
    ADD CONSTRAINT fk_set_aside_visit_id_visits FOREIGN KEY (visit_id) REFERENCES public.visits(id);
ALTER TABLE ONLY public.visits
    ADD CONSTRAINT fk_visits_patient_id_patients FOREIGN KEY (patient_id) REFERENCES public.patients(id);
GRANT USAGE ON SCHEMA public TO worker;
GRANT SELECT,INSERT ON TABLE public.addenda TO worker;
GRANT SELECT ON TABLE public.alembic_version TO worker;
GRANT SELECT,INSERT ON TABLE public.answer_changes TO worker;
GRANT USAGE ON SEQUENCE public.answer_changes_id_seq TO worker;
GRANT SELECT,INSERT ON TABLE public.audit TO worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_head TO worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.patients TO worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.people TO worker;
GRANT SELECT,INSERT ON TABLE public.set_aside TO worker;
GRANT USAGE ON SEQUENCE public.set_aside_id_seq TO worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.settings TO worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.visits TO worker;
