//! The tables, as diesel sees them: one block a table, the columns in the order of the migrations.
//! Types are only such as both engines have.

#![expect(
    missing_docs,
    reason = "the migrations say what each table and column is"
)]

diesel::table! {
    learner (id) {
        id -> Binary,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        family_key -> Nullable<Text>,
        date_of_birth -> Nullable<Date>,
        gender -> Nullable<SmallInt>,
        postcode -> Nullable<Text>,
        former_names -> Text,
        merged_into -> Nullable<Binary>,
        created_at -> Timestamp,
        own_facts -> Nullable<Text>,
    }
}

diesel::table! {
    learner_alias (value, kind, scope) {
        kind -> Text,
        scope -> Text,
        value -> Text,
        learner_id -> Binary,
        given_by -> Text,
        known_from -> Timestamp,
        arrived_as -> Binary,
    }
}

diesel::table! {
    learner_name (name_key, learner_id) {
        name_key -> Text,
        learner_id -> Binary,
    }
}

diesel::table! {
    learner_key (numbered, key, learner_id) {
        numbered -> Bool,
        key -> BigInt,
        learner_id -> Binary,
    }
}

diesel::table! {
    match_pair (id) {
        id -> Binary,
        left_id -> Binary,
        right_id -> Binary,
        log_odds -> Float,
        total_odds -> Float,
        verdict -> Text,
        ruling -> Nullable<Text>,
        ruled_by -> Nullable<Text>,
        ruled_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    learner_merge (id) {
        id -> Binary,
        gone_id -> Binary,
        kept_id -> Binary,
        origin -> Text,
        by_whom -> Text,
        reason -> Text,
        merged_at -> Timestamp,
        split_at -> Nullable<Timestamp>,
        split_by -> Nullable<Text>,
        split_reason -> Nullable<Text>,
    }
}

diesel::table! {
    awarding_body (recognition_number) {
        recognition_number -> Text,
        name -> Text,
        name_key -> Text,
        legal_name -> Nullable<Text>,
        acronym -> Nullable<Text>,
        status -> Nullable<Text>,
        recognised_from -> Nullable<Date>,
        recognised_until -> Nullable<Date>,
        registered -> Bool,
    }
}

diesel::table! {
    qualification (number) {
        number -> Text,
        title -> Text,
        body -> Nullable<Text>,
        body_name -> Nullable<Text>,
        level -> Nullable<SmallInt>,
        level_stated -> Nullable<Text>,
        eqf_level -> Nullable<SmallInt>,
        kind -> Nullable<Text>,
        status -> Nullable<Text>,
        total_credit -> Nullable<Integer>,
        total_qualification_time -> Nullable<Integer>,
        guided_learning_hours -> Nullable<Integer>,
        operational_from -> Nullable<Date>,
        operational_until -> Nullable<Date>,
        certification_until -> Nullable<Date>,
        registered -> Bool,
    }
}

diesel::table! {
    unit (reference) {
        reference -> Text,
        title -> Text,
        level -> Nullable<SmallInt>,
        credit -> Nullable<Integer>,
        guided_learning_hours -> Nullable<Integer>,
        confirmed -> Bool,
    }
}

diesel::table! {
    early_years_list (id) {
        id -> SmallInt,
        version -> BigInt,
    }
}

diesel::table! {
    early_years_entry (reference, version) {
        reference -> Text,
        version -> BigInt,
        level -> SmallInt,
        started_from -> Nullable<Date>,
        started_until -> Nullable<Date>,
        title -> Text,
        body_name -> Text,
        number -> Nullable<Text>,
        notes -> Nullable<Text>,
        questions -> Text,
        ratio_requirements -> Text,
        loaded_at -> Timestamp,
        replaced_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    qualification_sector (number, source, sector) {
        number -> Text,
        source -> Text,
        sector -> Text,
    }
}

diesel::table! {
    search_posting (kind, word, key) {
        kind -> Text,
        word -> Text,
        key -> Text,
        size -> SmallInt,
    }
}

diesel::table! {
    search_word (kind, word) {
        kind -> Text,
        word -> Text,
        entries -> BigInt,
    }
}

diesel::table! {
    search_spelling (deletion, word) {
        deletion -> Text,
        word -> Text,
    }
}

diesel::table! {
    search_pending (kind) {
        kind -> Text,
    }
}

diesel::table! {
    catalogue_title (title, body_name, level_stated, kind) {
        title -> Text,
        body_name -> Text,
        level_stated -> Text,
        kind -> Text,
        acronym -> Nullable<Text>,
        status -> Nullable<Text>,
    }
}

diesel::table! {
    achievement (id) {
        id -> Binary,
        learner_id -> Binary,
        subject_kind -> Text,
        subject_code -> Text,
        title -> Text,
        part_of -> Nullable<Text>,
        body -> Nullable<Text>,
        body_stated -> Nullable<Text>,
        awarded_on -> Nullable<Date>,
        awarded_on_stated -> Nullable<Text>,
        started_on -> Nullable<Date>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        grade -> Nullable<Text>,
        level -> Nullable<SmallInt>,
        credit -> Nullable<Integer>,
        status -> Text,
        status_since -> Nullable<Date>,
        status_reason -> Nullable<Text>,
        route -> Text,
        standing -> Text,
        result_id -> Nullable<Text>,
        certificate_number -> Nullable<Text>,
        centre -> Nullable<Text>,
        registration_number -> Nullable<Text>,
        registration_conditions -> Nullable<Text>,
        registration_state -> Nullable<Text>,
        version -> Integer,
        replaced_by -> Nullable<Binary>,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    achievement_version (achievement_id, number) {
        achievement_id -> Binary,
        number -> Integer,
        status -> Text,
        grade -> Nullable<Text>,
        awarded_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        true_from -> Nullable<Date>,
        known_from -> Timestamp,
        known_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    source (id) {
        id -> Binary,
        learner_id -> Binary,
        arrived_as -> Binary,
        achievement_id -> Binary,
        digest -> Binary,
        submitter -> Text,
        kind -> Text,
        standing -> Text,
        body -> Nullable<Text>,
        adapter -> Text,
        job_id -> Nullable<Binary>,
        result_key -> Nullable<Text>,
        certificate_key -> Nullable<Text>,
        received_at -> Timestamp,
        record -> Binary,
        own_achievement_id -> Nullable<Binary>,
    }
}

diesel::table! {
    source_again (source_id, job_id) {
        source_id -> Binary,
        job_id -> Binary,
        position -> Binary,
    }
}

diesel::table! {
    uln_change (uln, action, master, changed_on, job_id) {
        uln -> Text,
        action -> Text,
        master -> Text,
        changed_on -> Date,
        job_id -> Binary,
    }
}

diesel::table! {
    log_leaf (id) {
        id -> Binary,
        achievement_id -> Binary,
        version -> Integer,
        salt -> Binary,
        commitment -> Binary,
        appended_at -> Timestamp,
        place -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_job (id) {
        id -> Binary,
        caller -> Text,
        submitter -> Text,
        adapter -> Text,
        awarding_body -> Nullable<Text>,
        learner_id -> Nullable<Binary>,
        kind -> Text,
        standing -> Text,
        mode -> Text,
        dry_run -> Bool,
        digest -> Text,
        idempotency_key -> Nullable<Text>,
        state -> Text,
        server -> Nullable<Text>,
        bytes_read -> BigInt,
        bytes_total -> Nullable<BigInt>,
        records -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        promoted -> BigInt,
        withdrawn -> BigInt,
        reinstated -> BigInt,
        unchanged -> BigInt,
        rejected -> BigInt,
        needs_person -> BigInt,
        issues -> BigInt,
        merged_batches -> BigInt,
        error_code -> Nullable<Text>,
        error_message -> Nullable<Text>,
        received_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    import_undoing (job_id) {
        job_id -> Binary,
        since -> Timestamp,
    }
}

diesel::table! {
    import_claim (job_id) {
        job_id -> Binary,
        token -> Binary,
        server -> Text,
        claimed_until -> Timestamp,
        cancel_asked -> Bool,
    }
}

diesel::table! {
    import_turn (submitter) {
        submitter -> Text,
        taken_at -> Timestamp,
    }
}

diesel::table! {
    import_issue (job_id, ordinal) {
        job_id -> Binary,
        ordinal -> BigInt,
        severity -> Text,
        code -> Text,
        message -> Nullable<Text>,
        row_number -> Nullable<BigInt>,
        column_number -> Nullable<Integer>,
        path -> Nullable<Text>,
        byte_offset -> Nullable<BigInt>,
        restricted -> Bool,
    }
}

diesel::table! {
    staged_batch (job_id, ordinal) {
        job_id -> Binary,
        ordinal -> BigInt,
        records -> Integer,
        content -> Binary,
    }
}

diesel::table! {
    receipt (id) {
        id -> Binary,
        caller -> Text,
        outcome -> Text,
        purpose -> Nullable<Text>,
        achievement_id -> Nullable<Binary>,
        checked_at -> Timestamp,
        jwt -> Text,
    }
}

diesel::table! {
    access_entry (id) {
        id -> Binary,
        learner_id -> Nullable<Binary>,
        at -> Timestamp,
        by_whom -> Text,
        role -> Text,
        what -> Text,
        purpose -> Nullable<Text>,
        via -> Text,
    }
}

diesel::table! {
    quarantine_waiver (job_id) {
        job_id -> Binary,
        by_whom -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    webhook_delivery (id) {
        id -> Binary,
        awarding_body -> Text,
        url -> Text,
        content -> Text,
        state -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        due_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    framework_version (id) {
        id -> SmallInt,
        version -> BigInt,
    }
}

diesel::table! {
    framework_table (name, version) {
        name -> Text,
        version -> BigInt,
        digest -> Text,
        content -> Text,
        loaded_at -> Timestamp,
        replaced_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    share (id) {
        id -> Binary,
        learner_id -> Binary,
        token_hash -> Binary,
        fields -> Text,
        purpose -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        views -> Integer,
    }
}

diesel::table! {
    share_achievement (share_id, place) {
        share_id -> Binary,
        place -> SmallInt,
        achievement_id -> Binary,
    }
}

diesel::table! {
    status_list (number) {
        number -> Integer,
        purpose -> Text,
        taken -> Integer,
    }
}

diesel::table! {
    credential (id) {
        id -> Binary,
        learner_id -> Binary,
        kind -> Text,
        list -> Integer,
        place -> Integer,
        issued_at -> Timestamp,
        content -> Text,
    }
}

diesel::table! {
    credential_award (credential_id, achievement_id) {
        credential_id -> Binary,
        achievement_id -> Binary,
        says -> Binary,
    }
}

diesel::table! {
    team (id) {
        id -> Binary,
        employer -> Text,
        name -> Text,
        setting -> Nullable<Text>,
        created_at -> Timestamp,
        created_by -> Text,
    }
}

diesel::table! {
    team_member (id) {
        id -> Binary,
        team_id -> Binary,
        share_id -> Binary,
        role -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        added_at -> Timestamp,
        added_by -> Text,
    }
}

diesel::table! {
    clearance (id) {
        id -> Binary,
        member_id -> Binary,
        kind -> Text,
        reference -> Nullable<Text>,
        seen_by -> Text,
        seen_on -> Date,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    post_held (learner_id, employer, setting, role, area, from_day) {
        learner_id -> Binary,
        employer -> Text,
        setting -> Text,
        role -> Text,
        area -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        stated_by -> Text,
        imported_at -> Timestamp,
    }
}

diesel::table! {
    post_needed (role, area, from_day, stated_by) {
        role -> Text,
        area -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        posts -> Integer,
        stated_by -> Text,
        imported_at -> Timestamp,
    }
}

diesel::table! {
    provision (role, area, from_day, stated_by) {
        role -> Text,
        area -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        places -> Integer,
        stated_by -> Text,
        imported_at -> Timestamp,
    }
}

diesel::table! {
    workforce_snapshot (day) {
        day -> Date,
        published_at -> Timestamp,
    }
}

diesel::table! {
    workforce_table (day, dimensions) {
        day -> Date,
        dimensions -> SmallInt,
        row_count -> Nullable<Integer>,
    }
}

diesel::table! {
    workforce_row (day, dimensions, sector, role, level, status, area) {
        day -> Date,
        dimensions -> SmallInt,
        sector -> Text,
        role -> Text,
        level -> Text,
        status -> Text,
        area -> Text,
        people -> Nullable<Integer>,
        needed -> Nullable<Integer>,
        provision -> Nullable<Integer>,
    }
}

diesel::table! {
    claim (id) {
        id -> Binary,
        learner_id -> Binary,
        body -> Text,
        route -> Text,
        state -> Text,
        judged -> Bool,
        statement -> Nullable<Text>,
        terms -> Text,
        version -> Integer,
        opened_at -> Timestamp,
        submitted_at -> Nullable<Timestamp>,
        changed_at -> Timestamp,
        due -> Nullable<Date>,
        reminded -> SmallInt,
        digest -> Nullable<Binary>,
    }
}

diesel::table! {
    claim_unit (claim_id, place) {
        claim_id -> Binary,
        place -> SmallInt,
        reference -> Text,
        title -> Text,
        level -> Nullable<SmallInt>,
        credit -> Nullable<Integer>,
        equivalents -> Text,
        achievement_id -> Nullable<Binary>,
    }
}

diesel::table! {
    claim_outcome (claim_id, place) {
        claim_id -> Binary,
        place -> SmallInt,
        unit_place -> SmallInt,
        name -> Text,
        title -> Text,
        criteria -> Text,
    }
}

diesel::table! {
    claim_part (claim_id, part, issuer, subject) {
        claim_id -> Binary,
        part -> Text,
        issuer -> Text,
        subject -> Text,
        learner_id -> Nullable<Binary>,
        since -> Timestamp,
    }
}

diesel::table! {
    token_learner (subject, issuer, learner_id) {
        issuer -> Text,
        subject -> Text,
        learner_id -> Binary,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    claim_evidence (id) {
        id -> Binary,
        claim_id -> Binary,
        kind -> Text,
        title -> Text,
        digest -> Nullable<Text>,
        size -> Nullable<BigInt>,
        details -> Nullable<Text>,
        achievement_id -> Nullable<Binary>,
        development_id -> Nullable<Binary>,
        dated_on -> Nullable<Date>,
        mark -> Binary,
        seen_elsewhere -> Bool,
        issuer -> Text,
        subject -> Text,
        by_learner -> Nullable<Binary>,
        added_at -> Timestamp,
        erased_at -> Nullable<Timestamp>,
        media_type -> Nullable<Text>,
        erase_on -> Nullable<Date>,
    }
}

diesel::table! {
    evidence_file (digest) {
        digest -> Text,
        name -> Text,
        size -> BigInt,
        media_type -> Text,
        stored_at -> Timestamp,
        erased_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    claim_evidence_outcome (evidence_id, outcome) {
        evidence_id -> Binary,
        outcome -> Text,
    }
}

diesel::table! {
    claim_judgement (id) {
        id -> Binary,
        claim_id -> Binary,
        outcome -> Text,
        met -> Text,
        evidence -> Text,
        valid -> Bool,
        authentic -> Bool,
        reliable -> Bool,
        is_current -> Bool,
        sufficient -> Bool,
        note -> Nullable<Text>,
        appeal -> Bool,
        counts -> Bool,
        issuer -> Text,
        subject -> Text,
        by_learner -> Nullable<Binary>,
        judged_at -> Timestamp,
    }
}

diesel::table! {
    claim_event (claim_id, number) {
        claim_id -> Binary,
        number -> Integer,
        at -> Timestamp,
        by_whom -> Text,
        part -> Text,
        action -> Text,
        from_state -> Text,
        to_state -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    development_entry (id) {
        id -> Binary,
        learner_id -> Binary,
        kind -> Text,
        title -> Text,
        minutes -> Nullable<Integer>,
        on_day -> Date,
        areas -> Text,
        standards -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    learner,
    learner_alias,
    learner_name,
    learner_merge,
    match_pair,
    awarding_body,
    qualification,
    unit,
    achievement,
    achievement_version,
    source,
    share,
    share_achievement,
    credential,
    credential_award,
    team,
    team_member,
    clearance,
);
diesel::allow_tables_to_appear_in_same_query!(search_spelling, search_word);
diesel::allow_tables_to_appear_in_same_query!(framework_version, early_years_list);
diesel::allow_tables_to_appear_in_same_query!(import_job, import_claim, import_turn);
diesel::allow_tables_to_appear_in_same_query!(claim, claim_part, claim_evidence);
