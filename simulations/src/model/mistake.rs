//! Wrong models, to judge the judge: each errs in one point, and must be found out.

/// One point in which a model errs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A hold lives on at its deadline instead of ending with it.
    HoldOutlivesDeadline,
    /// A report's watermark accounts for one commitment less than it names.
    WatermarkOffByOne,
    /// A report accounts for its exceptions too.
    ExceptionsOverlooked,
    /// An accounted commitment's bed comes back when it ends, before the ward says so.
    AccountedComesBack,
    /// A place that was given back stays so beside a newer report.
    ReturnOutlivesReport,
    /// A report with the last one's number is believed again.
    ReportRepeated,
    /// A repeated number counts as news.
    RepetitionIsNews,
    /// A ward is silent a second too early.
    SilentTooEarly,
    /// An extension leaves the fencing number as it was.
    FencingStays,
    /// A command at its sender's deadline is too late.
    TooLateTooEarly,
    /// The same id with another body has the first body's answer.
    ReuseAnswered,
    /// A refusal is not remembered under its request's id.
    RefusalForgotten,
    /// A request exactly as old as the window is too old.
    WindowTooShort,
    /// Two legs of a command each find the same last place.
    LegsOverlooked,
    /// A blocked slot is granted.
    BlockOverlooked,
    /// A slot can be taken at the moment at which it begins.
    BegunTooLate,
    /// A bed whose patient is overdue is free again.
    OverdueFreesBed,
    /// A cancellation leaves those granted together.
    CancelledAlone,
    /// The codes of a merged facility lead nowhere new.
    MergedCodesStay,
    /// An ended commitment is forgotten a second too late.
    ForgottenTooLate,
    /// A transfer gives the old place up before it looks for the new one.
    TransferFreesFirst,
}

impl Mistake {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::HoldOutlivesDeadline,
        Self::WatermarkOffByOne,
        Self::ExceptionsOverlooked,
        Self::AccountedComesBack,
        Self::ReturnOutlivesReport,
        Self::ReportRepeated,
        Self::RepetitionIsNews,
        Self::SilentTooEarly,
        Self::FencingStays,
        Self::TooLateTooEarly,
        Self::ReuseAnswered,
        Self::RefusalForgotten,
        Self::WindowTooShort,
        Self::LegsOverlooked,
        Self::BlockOverlooked,
        Self::BegunTooLate,
        Self::OverdueFreesBed,
        Self::CancelledAlone,
        Self::MergedCodesStay,
        Self::ForgottenTooLate,
        Self::TransferFreesFirst,
    ];
}
