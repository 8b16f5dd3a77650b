/* Replies the engine itself says: content must have each of them, in every language. One line each:
   X(id, placeholders it may use). The engine names them through this list, lint checks them against it. */
#ifndef PANDU_DOMAIN_CONTENT_REQUIRED_H
#define PANDU_DOMAIN_CONTENT_REQUIRED_H

#define CONTENT_REQUIRED_REPLIES(X) \
    X(welcome, "bot_name site_name") \
    X(welcome_back, "name") \
    X(empty_message, "") \
    X(message_cut, "") \
    X(did_you_mean, "") \
    X(none_of_these, "") /* label of the last choice of did_you_mean */ \
    X(none_of_these_chosen, "") \
    X(fallback_rephrase, "") \
    X(fallback_counsellor, "counsellor_name counsellor_how") \
    X(fallback_no_counsellor, "") \
    X(button_expired, "") \
    X(nothing_to_control, "") /* back, skip, cancel ... outside a dialogue */ \
    X(nothing_to_repeat, "") \
    X(yes_without_question, "") \
    X(no_without_question, "") \
    X(language_changed, "") \
    X(language_unknown, "languages") \
    X(dialogue_back_at_start, "") \
    X(dialogue_skipped, "") \
    X(dialogue_skip_offer, "") /* after retry_max bad answers */ \
    X(dialogue_cancelled, "dialogue_title") \
    X(dialogue_resume, "dialogue_title")                     /* back to the question after a digression */ \
    X(dialogue_recap, "dialogue_title answered progress_of") /* after hours or days */ \
    X(dialogue_continue_offer, "dialogue_title")             /* a kept dialogue: continue or start anew? */ \
    X(dialogue_restarted, "dialogue_title") \
    X(dialogue_changed, "dialogue_title") /* the content changed while it ran */ \
    X(dialogue_gone, "") \
    X(follow_up, "ago dialogue_title follow_up")       /* the chat is opened: what became of the plan? */ \
    X(follow_up_later, "ago dialogue_title follow_up") /* the same behind an answer */ \
    X(ago_days, "")                                    /* how {ago} says it: 1 to 6 days */ \
    X(ago_week, "") \
    X(ago_weeks, "") \
    X(ago_month, "") \
    X(ago_months, "") \
    X(answer_corrected, "step_name answer") \
    X(which_answer, "")                    /* wants to correct, did not say which */ \
    X(known_fact_used, "step_name answer") /* not asked again */ \
    X(retry_choice, "") \
    X(retry_number, "minimum maximum") \
    X(retry_date, "") \
    X(retry_text, "") \
    X(retry_contact, "") \
    X(retry_confirm, "") \
    X(label_yes, "") \
    X(label_no, "") \
    X(label_skip, "") \
    X(label_continue, "") \
    X(label_restart, "") \
    X(progress, "progress_at progress_of") \
    X(skipped_answer, "") /* how a skipped answer is quoted */ \
    X(restart_confirm, "") \
    X(restarted, "") \
    X(export_done, "export") \
    X(export_too_long, "data_keeper") /* said by the app instead, where there is no place for a copy */ \
    X(delete_confirm, "") \
    X(delete_done, "") \
    X(delete_kept, "") \
    X(storage_trouble, "") /* said by the app when nothing could be stored */

/* Said instead of another reply where it is there, so that content of before goes on loading. */
#define CONTENT_OPTIONAL_REPLIES(X) \
    X(answer_kept, "step_name answer") /* instead of answer_corrected: of a question that comes later */

#endif
